using Safeguarding.Contracts;

namespace Safeguarding.Notification.Subscriptions;

/// <summary>An endpoint to which a council wants its alerts pushed. Only the council switches it off, never the hub.</summary>
internal sealed class Subscription
{
    public required Guid Id { get; init; }
    public required string CouncilCode { get; init; }

    /// <summary>The council's own name for it; the id in the routes.</summary>
    public required string Name { get; init; }

    public required string Url { get; set; }
    public PayloadKind Payload { get; set; }

    /// <summary>While false, deliveries are kept and none is tried.</summary>
    public bool Enabled { get; set; }

    public required string SecretKeyId { get; set; }
    public required byte[] SecretValue { get; set; }

    /// <summary>The secret before the last rotation, signing beside the new one until it ends.</summary>
    public string? FormerSecretKeyId { get; set; }
    public byte[]? FormerSecretValue { get; set; }
    public DateTimeOffset? FormerSecretUntil { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ChangedAt { get; set; }

    public Sealed<SigningSecret> Secret => new(SecretKeyId, SecretValue);

    public Sealed<SigningSecret>? FormerSecret =>
        FormerSecretKeyId is null || FormerSecretValue is null ? null : new Sealed<SigningSecret>(FormerSecretKeyId, FormerSecretValue);

    public void Rotate(Sealed<SigningSecret> secret, DateTimeOffset now, TimeSpan overlap)
    {
        (FormerSecretKeyId, FormerSecretValue, FormerSecretUntil) = (SecretKeyId, SecretValue, now + overlap);
        (SecretKeyId, SecretValue) = (secret.KeyId, secret.Value);
        ChangedAt = now;
    }
}

internal enum PayloadKind
{
    /// <summary>Only that there is news; the alert is then read with the council's own token.</summary>
    Thin,

    /// <summary>The alert itself.</summary>
    Full,
}

/// <summary>A signing secret in the form in which the council was shown it.</summary>
internal sealed record SigningSecret(string Text)
{
    public override string ToString() => nameof(SigningSecret);
}
