using System.Security.Claims;
using Microsoft.AspNetCore.CookiePolicy;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging.Storage;
using Safeguarding.Portal.Practice;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;
using Safeguarding.Portal.Storage;

namespace Safeguarding.Portal;

internal static class PortalRegistration
{
    private static readonly string[] Needed =
    [
        "ConnectionStrings:Hub",
        "Identity:Issuers:0:Issuer",
        "Portal:SigningKey",
        "Portal:Certificate",
        "Services:Notification",
        "Services:PlanRegistry",
        "Services:EncounterIngest",
        "Services:Matching",
    ];

    public static void AddPortal(this WebApplicationBuilder builder)
    {
        if (Needed.FirstOrDefault(setting => builder.Configuration[setting] is null or []) is { } missing)
        {
            throw new InvalidOperationException(
                $"{missing.Replace(":", "__", StringComparison.Ordinal)} is missing: services/portal/README.md says "
                    + "what it is."
            );
        }

        var wrong = PublicAddress.ValidationErrors(builder.Configuration)
            ?? OwnerLogin.ValidationErrors(builder.Configuration)
            ?? PracticeArea.ValidationErrors(builder.Configuration);
        if (wrong is not null)
            throw new InvalidOperationException(wrong);
        builder.Host.UseDefaultServiceProvider(provider =>
            (provider.ValidateOnBuild, provider.ValidateScopes) = (true, true)
        );
        builder.LimitServer();
        // Natively the portal runs from its build; an image has the files beside it.
        builder.WebHost.UseStaticWebAssets();
        // Else what was compressed at build is compressed again at each request, at the lowest level: 136 kB for 16.
        builder.WebHost.UseSetting("ReloadStaticAssetsAtRuntime", "false");
        builder.Services.AddSingleton(TimeProvider.System);
        PublicAddress.Add(builder.Services, builder.Configuration);
        // Each page that a stranger asks for pushes a request to identity.
        builder.Services.AddRequestLimits(context => context.User.FindFirstValue("sub"));
        builder.Services.AddSingleton<PracticeArea>();
        builder.Services.AddSingleton<PracticeTokens>();
        builder.Services.AddTransient<PracticeSystems>();
        builder.Services.AddTransient<Rehearsal>();
        builder.Services.AddRazorPages();
        builder.Services.AddRouting(routes => routes.LowercaseUrls = true);
        builder.Services.AddAntiforgery(forgery => forgery.Cookie.Name = "__Host-form");
        builder.Services.Configure<CookiePolicyOptions>(cookies =>
        {
            // Browsers take a secure cookie over http from this machine itself, and only from there.
            cookies.Secure = CookieSecurePolicy.Always;
            cookies.HttpOnly = HttpOnlyPolicy.Always;
        });
    }

    public static void MapPortal(this WebApplication app)
    {
        PublicAddress.Use(app);
        app.UseRequestIds();
        app.UseSecurityHeaders();
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandlingPath = "/problem",
                AllowStatusCode404Response = true,
                StatusCodeSelector = exception =>
                    exception switch
                    {
                        NotFoundException => StatusCodes.Status404NotFound,
                        ForbiddenException => StatusCodes.Status403Forbidden,
                        ServiceUnavailableException or HttpRequestException or OpenIdConnectProtocolException =>
                            StatusCodes.Status503ServiceUnavailable,
                        // Identity's metadata, or the sessions, cannot be read.
                        InvalidOperationException { InnerException: IOException } =>
                            StatusCodes.Status503ServiceUnavailable,
                        _ when IsDatabase(exception) => StatusCodes.Status503ServiceUnavailable,
                        BadHttpRequestException bad => bad.StatusCode,
                        _ => StatusCodes.Status500InternalServerError,
                    },
                SuppressDiagnosticsCallback = context =>
                    context.Exception is ServiceAnswerException or BadHttpRequestException,
            }
        );
        app.UseStatusCodePagesWithReExecute("/problem");
        app.UseRouting();
        app.UseCookiePolicy();
        // A style sheet asks for no session.
        app.UseWhen(
            context =>
                context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null
                // The page that says so would read the session again.
                && !IsDatabase(context.Features.Get<IExceptionHandlerFeature>()?.Error),
            pages => pages.UseSignIn()
        );
        app.UseRateLimiter();
        app.UseAuthorization();
        app.MapStaticAssets().AllowAnonymous().DisableRateLimiting();
        app.MapRazorPages().WithStaticAssets();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false })
            .AllowAnonymous()
            .DisableRateLimiting();
        app.MapHealthChecks(
                "/health/ready",
                new HealthCheckOptions { Predicate = check => check.Tags.Contains(PortalStorage.Ready) }
            )
            .AllowAnonymous()
            .DisableRateLimiting();
    }

    private static bool IsDatabase(Exception? exception) =>
        exception is not null
        && TransientFaults.IsDatabaseError(exception)
        && exception is not OperationCanceledException;
}
