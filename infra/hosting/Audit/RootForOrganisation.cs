using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Safeguarding.Messaging;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// A signed root as one organisation is given it to keep, with the proof that its own chain is in it. It says nothing
/// of other organisations' chains.
/// </summary>
/// <param name="Service">Whose chains.</param>
/// <param name="Number">Counted from 1; one an hour.</param>
/// <param name="At">When it was signed.</param>
/// <param name="Root">The Merkle root over the heads of all chains, in hex.</param>
/// <param name="Previous">The root before.</param>
/// <param name="SignedText">The text that was signed.</param>
/// <param name="Signature">ECDSA over P-256 and SHA-256, IEEE P1363 form, base64.</param>
/// <param name="Chain">Your own chain in it; null where you have none in this service yet.</param>
public sealed record RootForOrganisation(
    string Service,
    long Number,
    DateTimeOffset At,
    string Root,
    string Previous,
    string SignedText,
    string Signature,
    OwnChain? Chain
)
{
    /// <summary>A root as an organisation is given it.</summary>
    /// <param name="root">The root.</param>
    /// <param name="organisation">To whom.</param>
    public static RootForOrganisation Of(AuditRoot root, string organisation) =>
        new(
            root.Service,
            root.Number,
            root.At,
            Convert.ToHexStringLower(root.Root),
            Convert.ToHexStringLower(root.Previous),
            root.TextToSign(),
            Convert.ToBase64String(root.Signature),
            root.Heads.FirstOrDefault(head => head.Organisation == organisation) is { } head
                ? new OwnChain(
                    head.Organisation,
                    head.Position,
                    Convert.ToHexStringLower(head.Hash),
                    [
                        .. AuditHash
                            .Proof(root.Heads, head.Organisation)
                            .Select(step => new ProofHash(step.Side, Convert.ToHexStringLower(step.Hash))),
                    ]
                )
                : null
        );

    /// <summary>
    /// Of what an organisation kept: an event that it was sent, or an answer of <c>GET /audit/roots</c>.
    /// </summary>
    /// <param name="json">One JSON object.</param>
    /// <exception cref="JsonException">It is neither.</exception>
    public static RootForOrganisation Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var kept = document.RootElement;
        if (kept.ValueKind == JsonValueKind.Object && kept.TryGetProperty("data", out var data))
            kept = data;
        return
            kept.Deserialize<RootForOrganisation>(HubJson.Options) is { SignedText: not null, Signature: not null } root
            ? root
            : throw new JsonException("Not a root.");
    }

    /// <summary>Whether this key signed it as it stands, and its chain is in it.</summary>
    /// <param name="key">The service's public key.</param>
    public bool IsTrue(ECDsa key)
    {
        try
        {
            var root = new AuditRoot(
                Service,
                Number,
                At,
                Convert.FromHexString(Root),
                Convert.FromHexString(Previous),
                [],
                Convert.FromBase64String(Signature)
            );
            return root.TextToSign() == SignedText
                && key.VerifyData(Encoding.UTF8.GetBytes(SignedText), root.Signature, HashAlgorithmName.SHA256)
                && (Chain is null || RootOf(Chain).AsSpan().SequenceEqual(root.Root));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static byte[] RootOf(OwnChain chain) =>
        chain.Proof.Aggregate(
            AuditHash.Leaf(new ChainHead(chain.Organisation, chain.Records, Convert.FromHexString(chain.Head))),
            (hash, step) =>
                SHA256.HashData(
                    step.Side == "right"
                        ? [1, .. hash, .. Convert.FromHexString(step.Hash)]
                        : [1, .. Convert.FromHexString(step.Hash), .. hash]
                )
        );
}

/// <summary>An organisation's chain in a root.</summary>
/// <param name="Organisation">You.</param>
/// <param name="Records">How many records your chain had.</param>
/// <param name="Head">Its last hash, in hex.</param>
/// <param name="Proof">From your leaf to the root, the hash beside it and on which side it stands.</param>
public sealed record OwnChain(string Organisation, long Records, string Head, IReadOnlyList<ProofHash> Proof);

/// <summary>A step of a proof.</summary>
/// <param name="Side">left or right.</param>
/// <param name="Hash">In hex.</param>
public sealed record ProofHash(string Side, string Hash);
