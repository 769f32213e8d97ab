using System.Security.Claims;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Safeguarding.Identity.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

/// <summary>What the services read in a token: who asks, for which organisation, and what for.</summary>
internal sealed partial class IssueToken(
    ClientRegister clients,
    IOptions<IdentitySettings> settings,
    ILogger<IssueToken> logger
) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    private const string Organisation = "organisation";

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<HandleTokenRequestContext>()
            .UseSingletonHandler<IssueToken>()
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (clients.Find(context.ClientId) is not { } client)
        {
            context.Reject(Errors.InvalidClient, "The client is no longer known.");
            return ValueTask.CompletedTask;
        }

        var asked = context.Request.GetScopes();
        var principal = new ClaimsPrincipal(new ClaimsIdentity("client", Claims.Subject, Claims.Role));
        principal.SetClaim(Claims.Subject, client.Id);
        principal.SetClaim(Organisation, client.Organisation);
        principal.SetScopes(asked.IsEmpty ? client.Scopes : asked);
        principal.SetResources(settings.Value.Audience);
        principal.SetDestinations(_ => [Destinations.AccessToken]);

        Issued(logger, client.Id, client.Organisation);
        context.SignIn(principal);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Client {ClientId} of {Organisation} got a token")]
    private static partial void Issued(ILogger logger, string clientId, string organisation);
}
