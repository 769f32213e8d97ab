using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Client.AspNetCore;
using OpenIddict.Server.AspNetCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Pages;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Safeguarding.Identity.People;

/// <summary>
/// The way of a person's browser: from an application to a provider, back with claims, through the rules, and back to
/// the application with a code.
/// </summary>
internal static partial class SignInRoutes
{
    // Every provider is asked for a sign-in of the last hour, so that the strictest role has one.
    private const long ProvidersMaxAge = 3600;

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet(Paths.Authorize, AuthorizeAsync);
        app.MapPost(Paths.SignIn, StartAsync);
        app.MapPost(Paths.Choose, (Delegate)ChooseAsync);
        app.MapGet($"{Paths.SignIn}/{{provider}}", ReturnAsync);
        app.MapGet(Paths.EndSession, EndAsync);
        Page.MapStyle(app);
    }

    private static async Task<IResult> AuthorizeAsync(
        HttpContext context,
        ProviderRegister providers,
        IOptions<IdentityOptions> settings,
        RecordActs acts,
        TimeProvider clock,
        ILogger<SignIn> logger
    )
    {
        var request = context.GetOpenIddictServerRequest()!;
        var here = $"{context.Request.Path}{context.Request.QueryString}";
        if (await SignIn.OfAsync(context, here) is not { } signIn)
        {
            return request.HasPromptValue(PromptValues.None)
                ? Refuse(Errors.LoginRequired, "Nobody is signed in.")
                : AskWhere(context, providers, here);
        }

        if (signIn.Rules.Count > 1)
            return AskWhich(context, providers, signIn);
        await context.SignOutAsync(SignIn.Scheme);
        if (providers.FindRule(signIn.Rules[0]) is not { } rule)
            return Refuse(Errors.AccessDenied, "The rule that let you in has been withdrawn.");
        if (RoleRules.WhyNot(rule.HubRole, signIn.Assurance, signIn.AuthenticatedAt, clock.GetUtcNow()) is { } error)
        {
            SignedIn(logger, rule.Role, rule.Organisation, "refused");
            await acts.RefusedAsync(
                context,
                new Caller(request.ClientId!, rule.Organisation, new HashSet<string>())
                {
                    Person = new Person(signIn.Subject, rule.Role, signIn.Assurance, signIn.AuthenticatedAt, ""),
                },
                RecordActs.SessionBegun,
                "assurance",
                context.RequestAborted
            );
            return NotLetIn(context, error);
        }

        var asked = request.GetScopes().Intersect(rule.HubRole.Scopes).ToImmutableArray();
        var scopes = asked.IsEmpty ? rule.HubRole.Scopes : asked;
        SignedIn(logger, rule.Role, rule.Organisation, "signed in");
        return Results.SignIn(
            Principal(signIn, rule, [.. scopes, .. request.GetScopes().Where(IsProtocol)], settings.Value.Audience),
            authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme
        );
    }

    private static async Task<IResult> StartAsync(HttpContext context, ProviderRegister providers)
    {
        var form = await SentForm.ReadAsync(context.Request);
        var request = form["request"].ToString();
        return
            providers.Find(form["provider"]) is { } provider
            && request.StartsWith($"{Paths.Authorize}?", StringComparison.Ordinal)
            ? Challenge(provider, request)
            : Page.Show(context, "This sign-in cannot go on", "<p>Start again in the application.</p>", 400);
    }

    private static async Task<IResult> ReturnAsync(
        string provider,
        HttpContext context,
        ProviderRegister providers,
        RecordActs acts,
        ILogger<SignIn> logger
    )
    {
        if (providers.Find(provider) is not { } known)
            return Page.Show(context, "There is no such provider", "<p>Start again in the application.</p>", 404);
        var answer = await context.AuthenticateAsync(OpenIddictClientAspNetCoreDefaults.AuthenticationScheme);
        if (
            context.GetOpenIddictClientResponse()?.Error is not null
            || !answer.Succeeded
            || answer.Properties.RedirectUri is not { } request
            || answer.Principal.GetClaim(Claims.Private.RegistrationId) != known.Id
        )
        {
            return Page.Show(context, "You are not signed in", "<p>Start again in the application.</p>", 400);
        }

        try
        {
            var claims = ProviderClaims.Read(known, WithIdToken(answer));
            var rules = ProviderRegister.Matches(known, claims);
            if (rules is [])
            {
                await RefusedAsync("no-rule");
                return NotLetIn(
                    context,
                    $"{known.Name} knows you, and no rule here gives you a role. Ask your organisation's administrator."
                );
            }

            await new SignIn(
                claims.Subject,
                claims.Name,
                claims.Assurance,
                claims.AuthenticatedAt,
                [.. rules.Select(rule => rule.Fingerprint)]
            ).KeepAsync(context, request);
            return Results.LocalRedirect(request);
        }
        catch (NotLetInException exception)
        {
            await RefusedAsync("claims");
            return NotLetIn(context, exception.Message);
        }

        // Who it was only the provider knows: nobody here may be that person.
        Task RefusedAsync(string code)
        {
            SignedIn(logger, "no role", known.Id, "refused");
            return acts.RefusedAsync(
                context,
                RecordActs.Of(client: null),
                RecordActs.SessionBegun,
                code,
                context.RequestAborted
            );
        }
    }

    private static async Task<IResult> ChooseAsync(HttpContext context)
    {
        var form = await SentForm.ReadAsync(context.Request);
        if (
            await SignIn.LastAsync(context) is not var (signIn, request)
            || !signIn.Rules.Contains(form["rule"].ToString())
        )
        {
            return Page.Show(context, "This sign-in cannot go on", "<p>Start again in the application.</p>", 400);
        }

        await (signIn with { Rules = [form["rule"].ToString()] }).KeepAsync(context, request);
        return Results.LocalRedirect(request);
    }

    private static async Task<IResult> EndAsync(HttpContext context, Sessions sessions, RecordActs acts)
    {
        var hint = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (hint.Principal?.GetClaim(SignIn.SessionClaim) is not { } session)
            return Page.Show(context, "You are still signed in", "<p>Sign out in the application.</p>", 400);
        await acts.DoneAsync(
            context,
            RecordActs.Of(hint.Principal, hint.Principal.GetAudiences().FirstOrDefault() ?? ""),
            RecordActs.SessionEnded,
            RecordActs.SubjectOf(session),
            context.RequestAborted
        );
        await sessions.EndAsync(session, context.RequestAborted);
        return context.GetOpenIddictServerRequest()!.PostLogoutRedirectUri is null
            ? Page.Show(context, "You have signed out", "")
            : Results.SignOut(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }

    private static IResult AskWhere(HttpContext context, ProviderRegister providers, string here)
    {
        if (providers.All is [var only])
            return Challenge(only, here);
        if (providers.All is [])
            return NotLetIn(context, "No provider is set up for people to sign in with.");
        var buttons = providers.All.Select(provider =>
            $"<p><button name=\"provider\" value=\"{provider.Id}\">{Page.Text(provider.Name)}</button></p>"
        );
        return Page.Show(
            context,
            "Sign in with",
            $"<form method=\"post\" action=\"{Paths.SignIn}\"><input type=\"hidden\" name=\"request\" "
                + $"value=\"{Page.Text(here)}\">{string.Concat(buttons)}</form>"
        );
    }

    private static IResult AskWhich(HttpContext context, ProviderRegister providers, SignIn signIn)
    {
        var buttons = signIn
            .Rules.Select(providers.FindRule)
            .OfType<Rule>()
            .Select(rule =>
                $"<p><button name=\"rule\" value=\"{rule.Fingerprint}\">{Page.Text(rule.Role)} of "
                + $"{Page.Text(rule.Organisation)}</button> {Page.Text(rule.HubRole.Description)}</p>"
            );
        return Page.Show(
            context,
            "For whom do you act?",
            $"<form method=\"post\" action=\"{Paths.Choose}\">{string.Concat(buttons)}</form>"
        );
    }

    private static IResult Challenge(Provider provider, string request)
    {
        var properties = new AuthenticationProperties
        {
            RedirectUri = request,
            Items = { [OpenIddictClientAspNetCoreConstants.Properties.RegistrationId] = provider.Id },
        };
        properties.SetParameter<OpenIddictParameter?>(Parameters.MaxAge, ProvidersMaxAge);
        if (provider.Kind == ProviderKind.Cis2)
            properties.SetParameter<OpenIddictParameter?>(Parameters.AcrValues, "AAL2_OR_AAL3_ANY");
        return Results.Challenge(properties, [OpenIddictClientAspNetCoreDefaults.AuthenticationScheme]);
    }

    private static IResult Refuse(string error, string description) =>
        Results.Forbid(
            new AuthenticationProperties(
                new Dictionary<string, string?>
                {
                    [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
                    [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
                }
            ),
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
        );

    private static IResult NotLetIn(HttpContext context, string reason) =>
        Page.Show(context, "You cannot use the hub", $"<p>{Page.Text(reason)}</p>", 403);

    // What was merged leaves out some claims of the protocol, and the rules ask for them.
    private static ClaimsPrincipal WithIdToken(AuthenticateResult answer)
    {
        var claims = answer.Principal!.Claims;
        if (
            answer.Properties!.GetTokenValue(OpenIddictClientAspNetCoreConstants.Tokens.BackchannelIdentityToken) is
            { } idToken
        )
        {
            claims = claims.Concat(new JsonWebToken(idToken).Claims);
        }

        return new ClaimsPrincipal(
            new ClaimsIdentity(claims.DistinctBy(claim => (claim.Type, claim.Value)), "provider")
        );
    }

    private static ClaimsPrincipal Principal(SignIn signIn, Rule rule, ImmutableArray<string> scopes, string audience)
    {
        var identity = new ClaimsIdentity("person", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, signIn.Subject);
        identity.SetClaim(Claims.Name, signIn.Name);
        identity.SetClaim("organisation", rule.Organisation);
        identity.SetClaim(Claims.Role, rule.Role);
        identity.SetClaim(Claims.AuthenticationContextReference, RoleRules.Claim(signIn.Assurance));
        identity.SetClaim(Claims.AuthenticationTime, signIn.AuthenticatedAt.ToUnixTimeSeconds());
        identity.SetClaim(SignIn.SessionClaim, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        identity.SetClaim(SignIn.RuleClaim, rule.Fingerprint);
        identity.SetScopes(scopes);
        identity.SetResources(audience);
        identity.SetDestinations(Destinations);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>Where a claim goes. The name goes to the application alone, never to a service.</summary>
    internal static IEnumerable<string> Destinations(Claim claim) =>
        claim.Type switch
        {
            Claims.Name => [OpenIddictConstants.Destinations.IdentityToken],
            SignIn.RuleClaim => [],
            _ => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        };

    private static bool IsProtocol(string scope) => scope is Scopes.OpenId or Scopes.OfflineAccess;

    [LoggerMessage(Level = LogLevel.Information, Message = "Sign-in as {Role} of {Organisation}: {Outcome}")]
    private static partial void SignedIn(ILogger logger, string role, string organisation, string outcome);
}
