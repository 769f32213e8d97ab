using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Storage;
using Safeguarding.Identity.Assertions;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Development;
using Safeguarding.Identity.Files;
using Safeguarding.Identity.Keys;
using Safeguarding.Identity.OwnClients;
using Safeguarding.Identity.People;
using Safeguarding.Identity.Revoking;
using Safeguarding.Identity.Storage;
using Safeguarding.Identity.Tokens;

namespace Safeguarding.Identity;

internal static class IdentityRegistration
{
    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Host.UseDefaultServiceProvider(provider =>
        {
            provider.ValidateOnBuild = true;
            provider.ValidateScopes = true;
        });
        builder.LimitServer();
        // Below this level OpenIddict writes whole tokens.
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        // It warns that its keys are not encrypted: nor are the signing keys beside them, whose folder is identity's
        // alone.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services
            .AddOptions<IdentityOptions>()
            .BindConfiguration("Identity")
            .Configure<IConfiguration>(
                (settings, configuration) =>
                    settings.PublicUrl = Uri.TryCreate(
                        configuration["Hub:PublicUrl"],
                        UriKind.Absolute,
                        out var address
                    )
                        ? address
                        : null
            )
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<IdentityOptions>, EnvironmentValidation>();
        PublicAddress.Add(services, builder.Configuration);
        services.AddSingleton<ClientRegister>();
        services.AddSingleton<SigningKeys>();
        services.AddHostedService<FollowFiles>();
        services.AddSingleton<LimitTokenRequests>();
        services.AddSingleton<LimitStrangers>();
        services.AddScoped<Revoker>();
        services.AddSingleton<RecordActs>();
        services.AddHostedService<PurgeExpired>();
        services.AddSingleton<OwnTokens>();
        services.AddScoped<CheckToken>();
        var issuer = OwnTokens.IssuerOf(builder.Configuration);
        services.AddHubRoutes(builder.Configuration, "identity", issuer);
        services
            .AddOptions<JwtBearerOptions>(issuer)
            .Configure<OwnTokens>((options, tokens) => tokens.Configure(options));
    }

    public static void MapIdentity(this WebApplication app)
    {
        PublicAddress.Use(app);
        app.UseRequestIds();
        app.UseAudit();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<LimitTokenRequests>();
        // Before authentication, in which OpenIddict answers what browsers send; they show no token.
        app.UseMiddleware<LimitStrangers>();
        app.UseAuthentication();
        app.UseWhen(IsOfTheHub, routes => routes.UseRateLimiter());
        app.UseAuthorization();
        app.UseWhen(IsOfTheHub, routes => routes.UseDeclaredInput());
        app.MapOpenApi().AllowAnonymous();
        app.MapAudit();
        app.MapSessions();
        app.MapClients();
        var forEverybody = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        forEverybody.MapSignIn();
        forEverybody.MapDevelopmentProvider();
        forEverybody.MapRevocations();
        forEverybody.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        forEverybody.MapHealthChecks(
            "/health/ready",
            new HealthCheckOptions { Predicate = check => check.Tags.Contains(IdentityStorageRegistration.Ready) }
        );
    }

    // The rest are routes of OAuth 2 and of browsers, which have rules of their own.
    private static bool IsOfTheHub(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>() is not null;

    private sealed class EnvironmentValidation(IConfiguration configuration) : IValidateOptions<IdentityOptions>
    {
        public ValidateOptionsResult Validate(string? name, IdentityOptions options)
        {
            var wrong = PublicAddress.ValidationErrors(configuration)
                ?? AuditRoots.ValidationErrors(configuration)
                ?? PurgeAudit.ValidationErrors(configuration)
                ?? Sealer.ValidationErrors(configuration, "identity")
                ?? OwnerLogin.ValidationErrors(configuration);
            if (wrong is not null)
                return ValidateOptionsResult.Fail(wrong);
            return
                options.DevelopmentProvider
                && string.Equals(configuration["HUB_ENVIRONMENT"], "production", StringComparison.OrdinalIgnoreCase)
                ? ValidateOptionsResult.Fail(
                    "Identity__DevelopmentProvider is true and HUB_ENVIRONMENT is production: anybody could sign in as "
                        + "anybody."
                )
                : ValidateOptionsResult.Success;
        }
    }
}
