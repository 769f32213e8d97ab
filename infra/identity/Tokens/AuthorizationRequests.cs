using OpenIddict.Abstractions;
using OpenIddict.Server;
using Safeguarding.Identity.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// Which application may send people, and where they may be sent back to. OpenIddict demands PKCE and that the request
/// was pushed.
/// </summary>
internal sealed class AuthorizationRequests(ClientRegister clients)
    : IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateEndSessionRequestContext>
{
    public static IEnumerable<OpenIddictServerHandlerDescriptor> Descriptors { get; } =
    [
        // After the client has been authenticated.
        Describe(
            OpenIddictServerHandlerDescriptor
                .CreateBuilder<ValidatePushedAuthorizationRequestContext>()
                .UseSingletonHandler<AuthorizationRequests>()
        ),
        Describe(
            OpenIddictServerHandlerDescriptor
                .CreateBuilder<ValidateAuthorizationRequestContext>()
                .UseSingletonHandler<AuthorizationRequests>()
        ),
        Describe(
            OpenIddictServerHandlerDescriptor
                .CreateBuilder<ValidateEndSessionRequestContext>()
                .UseSingletonHandler<AuthorizationRequests>()
        ),
    ];

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context)
    {
        if (Validate(context.ClientId, context.RedirectUri) is { } error)
            context.Reject(error.Error, error.Description);
        else if (!context.Request.HasScope(Scopes.OpenId))
            context.Reject(Errors.InvalidScope, "The scope openid is missing.");
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (Validate(context.ClientId, context.RedirectUri) is { } error)
            context.Reject(error.Error, error.Description);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ValidateEndSessionRequestContext context)
    {
        if (
            context.PostLogoutRedirectUri is { Length: > 0 } uri
            && !clients.All.Any(client =>
                client.PostLogoutRedirectUris.Contains(uri)
                && (string.IsNullOrEmpty(context.ClientId) || client.Id == context.ClientId)
            )
        )
        {
            context.Reject(Errors.InvalidRequest, "The post_logout_redirect_uri is not one of the client's.");
        }

        return ValueTask.CompletedTask;
    }

    private (string Error, string Description)? Validate(string? id, string? redirectUri)
    {
        if (clients.Find(id) is not { } client)
            return (Errors.InvalidClient, "The client is not known.");
        if (client.Disabled)
            return (Errors.InvalidClient, "The client is disabled.");
        if (!client.IsForPeople)
            return (Errors.UnauthorizedClient, "The client is a system: people do not sign in to it.");
        return redirectUri is { Length: > 0 } && client.RedirectUris.Contains(redirectUri)
            ? null
            : (Errors.InvalidRequest, "The redirect_uri is not one of the client's.");
    }

    private static OpenIddictServerHandlerDescriptor Describe<TContext>(
        OpenIddictServerHandlerDescriptor.Builder<TContext> handler
    )
        where TContext : BaseContext =>
        handler.SetOrder(int.MaxValue - 100_000).SetType(OpenIddictServerHandlerType.Custom).Build();
}
