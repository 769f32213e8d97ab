using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery.Endpoints;

/// <summary>
/// Certificates are checked as the system checks them; where one is not trusted, the reason is kept as a class
/// and nothing of what it holds.
/// </summary>
internal static class CheckedCertificates
{
    public static SslClientAuthenticationOptions Options =>
        new()
        {
            RemoteCertificateValidationCallback = (_, _, chain, errors) =>
                errors is SslPolicyErrors.None
                    ? true
                    : throw new CertificateNotTrustedException(Reason(chain?.ChainStatus ?? [], errors)),
        };

    // Of several reasons the one that its owner finds first: a renewal is forgotten more often than an issuer is chosen
    // wrongly.
    private static AttemptOutcome Reason(X509ChainStatus[] statuses, SslPolicyErrors errors)
    {
        var all = statuses.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        if (all.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return AttemptOutcome.TlsCertificateExpired;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return AttemptOutcome.TlsCertificateWrongName;
        return (all & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
            ? AttemptOutcome.TlsCertificateUnknownIssuer
            : AttemptOutcome.TlsFailed;
    }
}

/// <summary>The endpoint's certificate is not trusted.</summary>
internal sealed class CertificateNotTrustedException(AttemptOutcome outcome) : IOException("Certificate not trusted.")
{
    public AttemptOutcome Outcome => outcome;
}
