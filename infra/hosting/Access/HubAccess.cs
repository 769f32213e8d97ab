using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Hosting.Access;

/// <summary>Bearer tokens of any configured issuer, and the scopes that routes ask for.</summary>
public static class HubAccess
{
    private const string ByIssuer = "by-issuer";

    /// <summary>Lets only tokens with this scope through.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="scope">Such as <c>alert.read</c>.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder route, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        route
            .WithMetadata(new RequiredScope(scope))
            .RequireAuthorization(policy =>
                policy.RequireAssertion(context =>
                    context.Resource is HttpContext http && DecideAccess.WhyNot(http, [scope]) is null
                )
            );

    /// <summary>Lets every valid token through, whatever its scopes: for what anybody in the hub may know.</summary>
    /// <param name="route">The route or group.</param>
    public static TBuilder RequireToken<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AnyScope());

    /// <summary>Where tokens of the first trusted issuer are asked for; null where none is set.</summary>
    /// <param name="configuration">The service's configuration.</param>
    public static string? TokenEndpoint(IConfiguration configuration) =>
        configuration["Identity:Issuers:0:Issuer"] is { Length: > 0 } issuer
            ? $"{issuer.TrimEnd('/')}/connect/token"
            : null;

    /// <param name="services">The program's.</param>
    /// <param name="configuration">The program's.</param>
    /// <param name="own">Itself, of a program that issues tokens: it trusts them without being told to.</param>
    internal static IServiceCollection AddHubAccess(
        this IServiceCollection services,
        IConfiguration configuration,
        string? own = null
    )
    {
        var identity = configuration.GetSection("Identity");
        var issuers = identity.GetSection("Issuers").Get<TrustedIssuer[]>() ?? [];
        if (own is not null && !issuers.Any(issuer => issuer.Issuer == own))
            issuers = [new TrustedIssuer { Issuer = own }, .. issuers];
        var audience = identity["Audience"] ?? "safeguarding-hub";
        var allowHttp = identity.GetValue("AllowHttp", false);

        var authentication = services.AddAuthentication(ByIssuer);
        foreach (var issuer in issuers)
        {
            authentication.AddJwtBearer(issuer.Issuer, options => Configure(options, issuer, audience, allowHttp));
            services
                .AddOptions<JwtBearerOptions>(issuer.Issuer)
                .Configure<TimeProvider, RevocationsOfIssuers>(
                    (options, clock, revocations) =>
                    {
                        options.TokenHandlers.Clear();
                        options.TokenHandlers.Add(
                            new CheckedTokens(clock, revocations.Get(issuer.Issuer)) { MapInboundClaims = false }
                        );
                    }
                );
        }

        services.AddSingleton<RevocationsOfIssuers>();
        services.AddSingleton<IHostedService>(provider =>
            ActivatorUtilities.CreateInstance<FollowRevocations>(
                provider,
                (IReadOnlyList<string>)[.. issuers.Select(issuer => issuer.Issuer)]
            )
        );
        authentication.AddPolicyScheme(ByIssuer, null, options =>
            options.ForwardDefaultSelector = context => IssuerOf(context, issuers)
        );
        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(
                new AuthorizationPolicyBuilder()
                    .RequireAssertion(context => Caller.From(context.User) is not null)
                    .Build()
            );
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, SayWhyForbidden>();
        return services;
    }

    internal static string? ValidationErrors(IConfiguration configuration)
    {
        var issuers = configuration.GetSection("Identity:Issuers").Get<TrustedIssuer[]>() ?? [];
        var allowHttp = configuration.GetValue("Identity:AllowHttp", false);
        return issuers switch
        {
            [] => "Identity__Issuers__0__Issuer is missing: whose tokens are trusted.",
            _ when issuers.Any(issuer => !Uri.TryCreate(issuer.Issuer, UriKind.Absolute, out _)) =>
                "Each Identity__Issuers__N__Issuer must be an absolute URI.",
            _ when !allowHttp
                    && issuers.Any(issuer =>
                        !issuer.MetadataAddress.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
                    ) => "An issuer's metadata must be fetched over https unless Identity__AllowHttp is true.",
            _ when configuration.GetValue(FollowRevocations.Setting, FollowRevocations.DefaultSeconds) is < 1 or > 45 =>
                "Identity__RevocationsSeconds must be between 1 and 45: a revocation must be known within a minute.",
            _ => null,
        };
    }

    private static void Configure(JwtBearerOptions options, TrustedIssuer issuer, string audience, bool allowHttp)
    {
        options.MetadataAddress = issuer.MetadataAddress;
        options.RequireHttpsMetadata = !allowHttp;
        options.MapInboundClaims = false;
        // error="invalid_token" with the reason, as RFC 6750 has it.
        options.IncludeErrorDetails = true;
        options.Challenge = "Bearer realm=\"safeguarding-hub\"";
        options.Events = new JwtBearerEvents { OnChallenge = SayWhyUnauthorized };
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = issuer.Issuer,
            ValidAudience = audience,
            ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
            ValidTypes = ["at+jwt", "JWT"],
            ClockSkew = TimeSpan.FromSeconds(30),
        };
    }

    private static Task SayWhyUnauthorized(JwtBearerChallengeContext context)
    {
        (
            context.AuthenticateFailure switch
            {
                null => new RefusalReason(
                    "token-missing",
                    "This route needs a bearer token in the Authorization header."
                ),
                RevokedTokenException revoked => new RefusalReason(revoked.Code, revoked.Message),
                _ => new RefusalReason(
                    "token-invalid",
                    $"The bearer token is not accepted. {context.ErrorDescription ?? "It cannot be read."}"
                ),
            }
        ).NoteOn(context.HttpContext);
        return Task.CompletedTask;
    }

    private static string IssuerOf(HttpContext context, TrustedIssuer[] issuers)
    {
        if (issuers is [var only])
            return only.Issuer;
        var authorization = context.Request.Headers.Authorization.ToString();
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                var issuer = new JsonWebToken(authorization["Bearer ".Length..].Trim()).Issuer;
                if (issuers.Any(trusted => trusted.Issuer == issuer))
                    return issuer;
            }
            catch (ArgumentException)
            {
                // Not a token at all: the first issuer's scheme refuses it.
            }
        }

        return issuers[0].Issuer;
    }

    private sealed record TrustedIssuer
    {
        public string Issuer { get; init; } = "";

        public string? Metadata { get; init; }

        public string MetadataAddress => Metadata ?? $"{Issuer.TrimEnd('/')}/.well-known/openid-configuration";
    }
}
