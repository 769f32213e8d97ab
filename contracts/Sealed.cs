namespace Safeguarding.Contracts;

/// <summary>
/// A value encrypted for the bus and the outbox (AES-256-GCM), so that whoever opens a queue or an outbox table sees no
/// child.
/// </summary>
/// <remarks>Source: NIST SP 800-38D (Galois/Counter Mode), with a 96-bit nonce and a 128-bit tag.</remarks>
/// <typeparam name="T">What is inside once opened.</typeparam>
/// <param name="KeyId">Which key of the key ring opens it. Keys rotate, so several are readable at once.</param>
/// <param name="Value">Nonce (12 bytes), ciphertext, tag (16 bytes). The type's name is authenticated with it
/// (<see cref="SealedAsAttribute"/>).</param>
public sealed record Sealed<T>(string KeyId, byte[] Value)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => $"Sealed<{typeof(T).Name}>";
}

/// <summary>
/// The name that is authenticated with every sealed value of this type, in place of its full name, so that the type can
/// be moved or renamed and what is stored stays readable. Never change one: what is sealed under it cannot be opened
/// under another.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class SealedAsAttribute(string name) : Attribute
{
    /// <summary>The full name that the type had when it was sealed first.</summary>
    public string Name { get; } = name;
}
