using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Safeguarding.Identity.Assertions;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Storage;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// Who asks: by an assertion never used before, or by a secret where secrets are allowed. Everyone else is
/// refused.
/// </summary>
internal sealed class AuthenticateClient(
    ClientRegister clients,
    IdentityDb db,
    IOptions<IdentityOptions> settings,
    TimeProvider clock
) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessAuthenticationContext>()
            .UseScopedHandler<AuthenticateClient>()
            .SetOrder(OpenIddictServerHandlers.ValidateClientAssertion.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        // A person's browser comes here, and has nothing to prove the application by.
        if (
            context.EndpointType
            is OpenIddictServerEndpointType.Authorization
                or OpenIddictServerEndpointType.EndSession
        )
        {
            return;
        }

        var error = context.ClientAssertionPrincipal is not null
            ? await ValidateAssertionAsync(context)
            : ValidateSecret(context);
        if (error is null)
            return;
        context.Transaction.SetProperty(nameof(ClientError), error);
        context.Reject(Errors.InvalidClient, error.Description);
    }

    private async Task<ClientError?> ValidateAssertionAsync(ProcessAuthenticationContext context)
    {
        var assertion = context.Transaction.GetProperty<Assertion>(nameof(Assertion))!;
        if (!string.IsNullOrEmpty(context.ClientId) && context.ClientId != assertion.Issuer)
            return ClientError.Malformed("The client_id is not the 'iss' of the client_assertion.");
        return await db.TryUse(assertion, clock.GetUtcNow(), context.CancellationToken)
            ? null
            : ClientError.Malformed("The 'jti' of the client_assertion has been used before.");
    }

    private ClientError? ValidateSecret(ProcessAuthenticationContext context)
    {
        if (!settings.Value.AllowClientSecrets)
            return ClientError.Malformed("Client secrets are not accepted here: send a client_assertion.");
        var client = clients.Find(context.ClientId);
        if (client is null || string.IsNullOrEmpty(context.ClientSecret) || !client.HasSecret(context.ClientSecret))
            return ClientError.Untrusted("The client_id or client_secret is wrong.");
        return client.Disabled ? ClientError.Untrusted("The client is disabled.") : null;
    }
}
