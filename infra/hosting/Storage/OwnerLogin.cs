using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Safeguarding.Hosting.Storage;

/// <summary>The login that owns a program's schema: it migrates at the start and is used for nothing else.</summary>
public static class OwnerLogin
{
    /// <summary>What is missing for the migrations at the start; null where nothing is.</summary>
    public static string? ValidationErrors(IConfiguration configuration) =>
        MigratesAtStart(configuration) && configuration["Postgres:OwnerPassword"] is null or ""
            ? "Postgres__OwnerPassword is missing: of the login that owns the schema. init makes it."
            : null;

    internal static bool MigratesAtStart(IConfiguration configuration) =>
        configuration.GetValue("Migrations:AtStart", true);

    /// <summary>As <c>ConnectionStrings__Hub</c>, by the owner's login.</summary>
    internal static string ConnectionString(IConfiguration configuration, PostgresRoles roles) =>
        new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("Hub"))
        {
            Username = roles.Owner,
            Password = configuration["Postgres:OwnerPassword"],
            IncludeErrorDetail = false,
            Pooling = false,
        }.ConnectionString;
}
