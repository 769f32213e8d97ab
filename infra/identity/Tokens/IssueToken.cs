using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.People;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

/// <summary>What the services read in a token: who asks, for which organisation, and what for.</summary>
internal sealed partial class IssueToken(
    ClientRegister clients,
    ProviderRegister providers,
    Sessions sessions,
    RecordActs acts,
    IOptions<IdentityOptions> settings,
    TimeProvider clock,
    ILogger<IssueToken> logger
) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    private const string Organisation = "organisation";
    private const string RefreshId = "refresh_id";
    private static readonly TimeSpan PersonsTokenLife = TimeSpan.FromMinutes(5);

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<HandleTokenRequestContext>()
            .UseScopedHandler<IssueToken>()
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (clients.Find(context.ClientId) is not { } client)
        {
            context.Reject(Errors.InvalidClient, "The client is no longer known.");
            return;
        }

        if (context.Request.IsClientCredentialsGrantType())
        {
            await RecordAsync(context, RecordActs.Of(client), RecordActs.TokenIssued, Guid.Empty);
            context.SignIn(OfSystem(client, context.Request));
        }
        else
        {
            await ForPersonAsync(context, client);
        }

        if (!context.IsRejected)
            Issued(logger, client.Id, client.Organisation);
    }

    private Task RecordAsync(HandleTokenRequestContext context, Caller caller, string act, Guid subject) =>
        acts.DoneAsync(
            context.Transaction.GetHttpRequest()?.HttpContext,
            caller,
            act,
            subject,
            context.CancellationToken
        );

    private ClaimsPrincipal OfSystem(Client client, OpenIddictRequest request)
    {
        var asked = request.GetScopes();
        var principal = new ClaimsPrincipal(new ClaimsIdentity("client", Claims.Subject, Claims.Role));
        principal.SetClaim(Claims.Subject, client.Id);
        principal.SetClaim(Organisation, client.Organisation);
        principal.SetScopes(asked.IsEmpty ? client.Scopes : asked);
        principal.SetResources(settings.Value.Audience);
        principal.SetDestinations(_ => [Destinations.AccessToken]);
        return principal;
    }

    // OpenIddict has checked the code or refresh token, the client it was made for, the redirect_uri and the verifier.
    private async Task ForPersonAsync(HandleTokenRequestContext context, Client client)
    {
        var person = context.Principal!.Clone();
        var session = person.GetClaim(SignIn.SessionClaim)!;
        if (WhyNoLonger(person) is { } error)
        {
            await sessions.EndAsync(session, context.CancellationToken);
            context.Reject(Errors.InvalidGrant, error);
            return;
        }

        var next = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var caller = RecordActs.Of(person, client.Id);
        error = context.Request.IsAuthorizationCodeGrantType()
            ? await sessions.TryBeginAsync(caller, person.GetClaim(SignIn.RuleClaim)!, next, context.CancellationToken)
                ? null
                : "The code has been used before; the session is ended."
            : await sessions.TryRenewAsync(caller, person.GetClaim(RefreshId)!, next, context.CancellationToken);
        if (error is not null)
        {
            context.Reject(Errors.InvalidGrant, error);
            return;
        }

        await RecordAsync(
            context,
            caller,
            context.Request.IsAuthorizationCodeGrantType() ? RecordActs.SessionBegun : RecordActs.TokenIssued,
            RecordActs.SubjectOf(session)
        );
        person.SetClaim(RefreshId, next);
        person.SetAccessTokenLifetime(PersonsTokenLife);
        person.SetRefreshTokenLifetime(Sessions.Idle);
        person.SetDestinations(claim => claim.Type == RefreshId ? [] : SignInRoutes.Destinations(claim));
        context.SignIn(person);
    }

    private string? WhyNoLonger(ClaimsPrincipal person) =>
        providers.FindRule(person.GetClaim(SignIn.RuleClaim)!) is { } rule
            ? RoleRules.WhyNot(
                rule.HubRole,
                RecordActs.AssuranceOf(person),
                RecordActs.AuthenticatedAt(person),
                clock.GetUtcNow()
            )
            : "The rule that let the person in has been withdrawn.";

    [LoggerMessage(Level = LogLevel.Information, Message = "Client {ClientId} of {Organisation} got a token")]
    private static partial void Issued(ILogger logger, string clientId, string organisation);
}
