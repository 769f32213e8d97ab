using Microsoft.AspNetCore;
using OpenIddict.Server;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Clients;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// Leaves a line and an audit record for every request that got no token, so that a trust's engineer and an attacker
/// can both be seen.
/// </summary>
internal sealed partial class RecordRefusal(ClientRegister clients, RecordActs acts, ILogger<RecordRefusal> logger)
    : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ApplyTokenResponseContext>()
            .UseSingletonHandler<RecordRefusal>()
            .SetOrder(int.MinValue)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Response.Error is not { } error)
            return;
        var client = clients.FindClaimed(context.Request);
        Refused(logger, client?.Id ?? "(unknown)", error, context.Response.ErrorDescription);
        await acts.RefusedAsync(
            context.Transaction.GetHttpRequest()?.HttpContext,
            RecordActs.Of(client),
            RecordActs.TokenIssued,
            error,
            context.CancellationToken
        );
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Client {ClientId} got no token: {Error}. {Description}")]
    private static partial void Refused(ILogger logger, string clientId, string error, string? description);
}
