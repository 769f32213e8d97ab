using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.Assertions;

/// <summary>
/// Each assertion is good for one token, whichever instance it is shown to: the row's key is the
/// lock.
/// </summary>
internal static class UsedAssertions
{
    /// <summary>True for the first to come with it.</summary>
    public static async Task<bool> TryUse(
        this IdentityDb db,
        Assertion assertion,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var forgetAt = assertion.ExpiresAt!.Value + AssertionRules.Skew;
        return await db.Database.ExecuteSqlAsync(
                $"""
                WITH used AS (
                    INSERT INTO identity.used_assertion (client_id, jti_sha256, forget_at)
                        VALUES ({assertion.Issuer}, {Hash(assertion)}, {forgetAt})
                    ON CONFLICT DO NOTHING RETURNING client_id)
                INSERT INTO identity.client_key_use (client_id, kid, used_at)
                    SELECT client_id, {assertion.KeyId}, {now} FROM used
                ON CONFLICT (client_id, kid) DO UPDATE SET used_at = excluded.used_at
                """,
                cancellationToken
            ) == 1;
    }

    /// <summary>Whether it was shown before; it is not used by this.</summary>
    public static Task<bool> IsUsed(this IdentityDb db, Assertion assertion, CancellationToken cancellationToken)
    {
        var (client, jti) = (assertion.Issuer, Hash(assertion));
        return db.UsedAssertions.AnyAsync(row => row.ClientId == client && row.JtiSha256 == jti, cancellationToken);
    }

    // Hashed: a jti is the sender's text, of any length and any characters.
    private static byte[] Hash(Assertion assertion) => SHA256.HashData(Encoding.UTF8.GetBytes(assertion.Id!));
}
