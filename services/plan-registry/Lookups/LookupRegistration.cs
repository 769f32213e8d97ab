using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.PlanRegistry.Lookups;

internal static class LookupRegistration
{
    public static void AddLookups(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(Rules(builder.Configuration));
        builder.Services.AddScoped<FindByTraits>();
        builder.Services.AddScoped<LookUp>();
    }

    // By the settings of matching, so that both decide with the same figures. Read once, at the start: a document that
    // cannot be read stops the service.
    private static Parameters Rules(ConfigurationManager settings)
    {
        var parameters = Read(settings["Rules:Parameters"], Parameters.Read) ?? Parameters.Default;
        return Read(settings["Rules:Population"], Population.Read) is { } population
            ? parameters with
            {
                Population = population,
            }
            : parameters;
    }

    private static T? Read<T>(string? path, Func<Stream, T> read)
        where T : class
    {
        if (string.IsNullOrEmpty(path))
            return null;
        using var json = File.OpenRead(path);
        return read(json);
    }
}
