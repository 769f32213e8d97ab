using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Server;
using Safeguarding.Identity.Storage;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// Keeps a pushed authorization request and gives out a reference to it, so that the <c>request_uri</c> fits into an
/// address (RFC 9126). It is kept as the encrypted token that OpenIddict makes of it.
/// </summary>
internal sealed class PushedRequests(IdentityDb db, TimeProvider clock)
    : IOpenIddictServerHandler<GenerateTokenContext>,
        IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Keeping { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<GenerateTokenContext>()
            .UseScopedHandler<PushedRequests>()
            .SetOrder(int.MaxValue - 100_000)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public static OpenIddictServerHandlerDescriptor Finding { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateTokenContext>()
            .UseScopedHandler<PushedRequests>()
            .SetOrder(OpenIddictServerHandlers.Protection.ResolveTokenValidationParameters.Descriptor.Order - 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType != TokenTypeIdentifiers.Private.RequestToken || context.Token is null)
            return;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        db.PushedRequests.Add(
            new PushedRequest
            {
                Id = id,
                Token = context.Token,
                PurgeAt = clock.GetUtcNow() + TokenEndpoint.RequestLife,
            }
        );
        await db.SaveChangesAsync(context.CancellationToken);
        context.Token = id;
    }

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (!context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.RequestToken))
            return;
        var request = await db
            .PushedRequests.AsNoTracking()
            .FirstOrDefaultAsync(row => row.Id == context.Token, context.CancellationToken);
        if (request is null)
            context.Reject(Errors.InvalidToken, "The request_uri is not known, or no longer.");
        else
            context.Token = request.Token;
    }
}
