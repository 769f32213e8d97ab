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
    public static async Task<bool> TryUse(this IdentityDb db, Assertion assertion, CancellationToken cancellationToken)
    {
        // Hashed: a jti is the sender's text, of any length and any characters.
        var jti = SHA256.HashData(Encoding.UTF8.GetBytes(assertion.Id!));
        var forgetAt = assertion.ExpiresAt!.Value + AssertionRules.Skew;
        return await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO identity.used_assertion (client_id, jti_sha256, forget_at)
                    VALUES ({assertion.Issuer}, {jti}, {forgetAt})
                ON CONFLICT DO NOTHING
                """,
                cancellationToken
            ) == 1;
    }
}
