using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Safeguarding.Identity.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Assertions;

/// <summary>
/// Refuses what OpenIddict would let pass, then tells it what it would refuse: <c>typ: JWT</c> and the token URL as
/// audience. OpenIddict checks the signature after this, with the one key the assertion names and the client has
/// registered.
/// </summary>
internal sealed class ValidateAssertion(ClientRegister clients, IOptions<IdentityOptions> settings, TimeProvider clock)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateTokenContext>()
            .UseSingletonHandler<ValidateAssertion>()
            .SetOrder(OpenIddictServerHandlers.Protection.ResolveTokenValidationParameters.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (!context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion))
            return ValueTask.CompletedTask;

        var assertion = Assertion.Read(context.Token);
        context.Transaction.SetProperty(nameof(Assertion), assertion);
        var client = clients.Find(assertion?.Issuer);
        if (AssertionRules.Validate(assertion, client, settings.Value, clock.GetUtcNow()) is { } error)
        {
            context.Transaction.SetProperty(nameof(ClientError), error);
            context.Reject(Errors.InvalidClient, error.Description);
            return ValueTask.CompletedTask;
        }

        var parameters = context.TokenValidationParameters;
        parameters.ValidAlgorithms = SigningAlgorithms.Accepted;
        // The rules have seen the type; OpenIddict knows an assertion by this name alone.
        parameters.TypeValidator = (_, _, _) => JsonWebTokenTypes.ClientAuthentication;
        // By id and nothing else: never all keys in turn, never a key or address that the assertion brings along.
        parameters.IssuerSigningKeyResolver = (_, _, _, _) => [client!.Keys[assertion!.KeyId!]];
        parameters.TryAllIssuerSigningKeys = false;
        parameters.ClockSkew = AssertionRules.Skew;
        context.ValidAudiences.UnionWith(settings.Value.AssertionAudiences());
        return ValueTask.CompletedTask;
    }
}
