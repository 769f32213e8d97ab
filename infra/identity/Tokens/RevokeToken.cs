using OpenIddict.Abstractions;
using OpenIddict.Server;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.People;
using Safeguarding.Identity.Revoking;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// A client gives a token back (RFC 7009). A person's takes the session with it, because its refresh token would make
/// another.
/// </summary>
internal sealed class RevokeToken(ClientRegister clients, Sessions sessions, Revoker revoker)
    : IOpenIddictServerHandler<ValidateRevocationRequestContext>,
        IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Validating { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateRevocationRequestContext>()
            .UseScopedHandler<RevokeToken>()
            .SetOrder(int.MaxValue - 100_000)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public static OpenIddictServerHandlerDescriptor Handling { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<HandleRevocationRequestContext>()
            .UseScopedHandler<RevokeToken>()
            .SetOrder(int.MaxValue - 100_000)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    // That the token is the client's own OpenIddict has checked; another's is answered like one that is not known.
    public ValueTask HandleAsync(ValidateRevocationRequestContext context)
    {
        if (clients.Find(context.ClientId) is null)
            context.Reject(Errors.InvalidClient, "The client is no longer known.");
        return ValueTask.CompletedTask;
    }

    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        var token = context.GenericTokenPrincipal!;
        if (token.GetClaim(SignIn.SessionClaim) is { } session)
            await sessions.EndAsync(session, context.CancellationToken);
        else if (token.GetClaim(Claims.JwtId) is { } id)
            await revoker.RevokeTokenAsync(id, context.CancellationToken);
    }
}
