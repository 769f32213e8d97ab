using OpenIddict.Abstractions;
using OpenIddict.Server;
using Safeguarding.Identity.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// A system may ask for fewer scopes than it has, never for others. An application that people use gets tokens for them
/// and none of its own.
/// </summary>
internal sealed class NarrowScopes(ClientRegister clients) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateTokenRequestContext>()
            .UseSingletonHandler<NarrowScopes>()
            .SetOrder(OpenIddictServerHandlers.Exchange.ValidateAuthentication.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (clients.Find(context.ClientId) is not { } client)
            context.Reject(Errors.InvalidClient, "The client is no longer known.");
        else if (client.IsForPeople == context.Request.IsClientCredentialsGrantType())
            context.Reject(Errors.UnauthorizedClient, "The client may not use this grant.");
        else if (!client.IsForPeople && !client.Scopes.IsSupersetOf(context.Request.GetScopes()))
            context.Reject(Errors.InvalidScope, "The client may not have one of the scopes it asks for.");
        return ValueTask.CompletedTask;
    }
}
