using OpenIddict.Abstractions;
using Safeguarding.Identity.Assertions;
using Safeguarding.Identity.Clients;

namespace Safeguarding.Identity.Tokens;

internal static class ClaimedClient
{
    /// <summary>
    /// Who a request says it is from, of the clients that are known; it need not be true. Anything else is the sender's
    /// text.
    /// </summary>
    public static Client? FindClaimed(this ClientRegister clients, OpenIddictRequest? request)
    {
        if (request?.ClientId is { Length: > 0 } id)
            return clients.Find(id);
        return request?.ClientAssertion is { } text && Assertion.Read(text) is { } assertion
            ? clients.Find(assertion.Issuer) ?? clients.Find(assertion.Subject)
            : null;
    }
}
