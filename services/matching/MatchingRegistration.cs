using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Names;
using Safeguarding.Matching.NhsNumberChanges;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Shadow;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching;

internal static class MatchingRegistration
{
    public static void AddMatching(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<RetentionOptions>()
            .BindConfiguration("Retention")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton(
            RuleDocuments(builder.Configuration, "Rules:Parameters", Parameters.Read)
                ?? WithPopulation(builder.Configuration, Parameters.Default)
        );
        var shadow = RuleDocuments(builder.Configuration, "Rules:Shadow", Parameters.ReadForShadow);
        builder.Services.AddSingleton(services => new ShadowRules(
            shadow,
            services.GetRequiredService<ILogger<ShadowRules>>()
        ));
        builder.Services.AddSingleton<BlockMacs>();
        builder.Services.AddSingleton<DailyPartitions>();
        builder.Services.AddSingleton<PlanKeys>();
        builder.Services.AddSingleton<EncounterKeys>();
        builder.Services.AddScoped<Candidates>();
        builder.Services.AddScoped<DecideEncounters>();
        builder.Services.AddScoped<ApplyNhsNumberChange>();
        builder.Services.AddScoped<FindRegisteredAgain>();
        builder.Services.AddHostedService<PurgeEncounters>();
        builder.Services.AddHostedService<FollowKeys>();
        builder.Services.AddHostedService<RekeyPlans>();
        builder.Services.AddHostedService<PurgePlans>();
        builder.Services.AddHostedService<CountRegistrations>();
        builder.Services.AddSingleton<NamesLearned>();
        builder.Services.AddHostedService<CountEncounterNames>();
        builder.Services.AddSingleton<CountRegisterNames>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CountRegisterNames>());
        foreach (var set in MatchingAccounts.Sets)
            builder.Services.AddSingleton(set);
        builder.Services.AddHostedService<WatchReviews>();
        builder.Services.AddHostedService<RedecideReviews>();
    }

    // Read once, at the start: a document that cannot be read stops the service, rather than letting it decide with
    // other figures.
    private static Parameters? RuleDocuments(
        ConfigurationManager settings,
        string setting,
        Func<Stream, Parameters> read
    ) => Read(settings[setting], read) is { } parameters ? WithPopulation(settings, parameters) : null;

    private static Parameters WithPopulation(ConfigurationManager settings, Parameters parameters) =>
        Read(settings["Rules:Population"], Population.Read) is { } population
            ? parameters with
            {
                Population = population,
            }
            : parameters;

    private static T? Read<T>(string? path, Func<Stream, T> read)
        where T : class
    {
        if (string.IsNullOrEmpty(path))
            return null;
        using var json = File.OpenRead(path);
        return read(json);
    }
}
