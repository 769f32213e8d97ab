using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.OwnClients;

/// <summary>
/// The body of <c>POST /clients/{id}/keys</c>: a JWK set (RFC 7517) of one key. A private part has no place.
/// </summary>
/// <param name="Keys">The one key.</param>
internal sealed record KeyRegistration(IReadOnlyList<PublicKey>? Keys);

/// <summary>A public key.</summary>
/// <param name="Kty">RSA or EC.</param>
/// <param name="Kid">Its id, which assertions name; 1 to 128 characters.</param>
/// <param name="Use">sig, or absent.</param>
/// <param name="Alg">RS512, RS384 or ES384; absent for any that fits.</param>
/// <param name="N">Of RSA: the modulus, 2048 bits or more.</param>
/// <param name="E">Of RSA: the exponent.</param>
/// <param name="Crv">Of EC: P-384.</param>
/// <param name="X">Of EC.</param>
/// <param name="Y">Of EC.</param>
internal sealed record PublicKey(
    string? Kty,
    string? Kid,
    string? Use,
    string? Alg,
    string? N,
    string? E,
    string? Crv,
    string? X,
    string? Y
);

/// <summary>
/// A further key for a client of the caller's organisation. Those that it has stay good until they are ended.
/// </summary>
internal static class RegisterKey
{
    public const string Act = "client.key.add";
    private const int MostKeys = 5;
    private const int LongestKid = 128;

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id,
        KeyRegistration request,
        Caller caller,
        ClientRegister clients,
        IdentityDb db,
        RecordActs acts,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (clients.FindOwn(id, caller) is not { } entry)
            return Refusal.NotFound();
        if (request.Keys is not [{ } asked])
            return Invalid("keys-not-one", "keys", "keys must hold one key.");
        var key = new KeyEntry(
            asked.Kty,
            asked.Kid,
            asked.Use,
            asked.Alg,
            asked.N,
            asked.E,
            asked.Crv,
            asked.X,
            asked.Y,
            D: null,
            K: null,
            Until: null
        );
        if (key.Validate() is { } wrong)
            return Invalid("key-invalid", "keys[0]", wrong);
        if (key.Kid!.Length > LongestKid || key.Kid.Any(char.IsControl))
        {
            return Invalid(
                "key-invalid",
                "keys[0].kid",
                $"kid must be at most {LongestKid} characters, none of control."
            );
        }

        await using var change = await KeyChange.BeginAsync(db, id, cancellationToken);
        var client = await change.ReadAsync(entry, cancellationToken);
        if (client.Keys.TryGetValue(key.Kid, out var known))
        {
            // Sent twice is done once.
            return
                client.IsGood(key.Kid, clock.GetUtcNow())
                && known.ComputeJwkThumbprint().AsSpan().SequenceEqual(key.ToSecurityKey().ComputeJwkThumbprint())
                ? TypedResults.NoContent()
                : Conflict("key-known", "The client has, or had, another key of this kid: take a new one.");
        }

        if (client.Keys.Keys.Count(kid => client.IsGood(kid, clock.GetUtcNow())) >= MostKeys)
            return Conflict("too-many-keys", $"The client has {MostKeys} keys: end one first.");
        db.ClientKeys.Add(
            new ClientKeyRow
            {
                ClientId = id,
                Kid = key.Kid,
                Organisation = caller.Organisation,
                Jwk = JsonSerializer.Serialize(key, KeyChange.Stored),
                AddedAt = clock.GetUtcNow(),
            }
        );
        await db.SaveChangesAsync(cancellationToken);
        await change.CommitAsync(acts, caller, Act, key.Kid, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Invalid(string code, string field, string detail) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, detail, new FieldError(field, detail));

    private static ProblemHttpResult Conflict(string code, string detail) =>
        Refusal.Problem(StatusCodes.Status409Conflict, code, detail);
}
