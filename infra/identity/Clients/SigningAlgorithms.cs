namespace Safeguarding.Identity.Clients;

/// <summary>
/// RS512 is what the NHS asks for, RS384 and ES384 what SMART does. Nothing symmetric: a public key must never
/// be a secret.
/// </summary>
internal static class SigningAlgorithms
{
    public static readonly IReadOnlyList<string> Accepted = ["RS512", "RS384", "ES384"];

    public static bool Fits(string algorithm, string? keyType) =>
        Accepted.Contains(algorithm) && keyType == (algorithm == "ES384" ? "EC" : "RSA");
}
