using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Safeguarding.Identity.Audit;
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
internal sealed class RevokeToken(ClientRegister clients, Sessions sessions, Revoker revoker, RecordActs acts)
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
        var session = token.GetClaim(SignIn.SessionClaim);
        // Its own, as OpenIddict has checked.
        var client = token.GetClaim(Claims.ClientId) ?? token.GetPresenters()[0];
        await acts.DoneAsync(
            context.Transaction.GetHttpRequest()?.HttpContext,
            session is null ? RecordActs.Of(clients.Find(client)) : RecordActs.Of(token, client),
            session is null ? RecordActs.TokenRevoked : RecordActs.SessionEnded,
            session is null ? Guid.Empty : RecordActs.SubjectOf(session),
            context.CancellationToken
        );
        if (session is not null)
            await sessions.EndAsync(session, context.CancellationToken);
        else if (token.GetClaim(Claims.JwtId) is { } id)
            await revoker.RevokeTokenAsync(id, context.CancellationToken);
    }
}
