using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.OwnClients;

/// <summary>The body of <c>POST /clients/{id}/keys/end</c>.</summary>
/// <param name="Kid">Which key.</param>
internal sealed record KeyEnding(string? Kid);

/// <summary>
/// Ends a key of a client of the caller's organisation, whoever registered it, and never the last: without one the
/// client gets no token.
/// </summary>
internal static class EndKey
{
    public const string Act = "client.key.end";

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id,
        KeyEnding request,
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
        var now = clock.GetUtcNow();
        await using var change = await KeyChange.BeginAsync(db, id, cancellationToken);
        var client = await change.ReadAsync(entry, cancellationToken);
        if (request.Kid is not { } kid || !client.Keys.ContainsKey(kid))
        {
            const string detail = "kid must be a key of the client.";
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "kid-unknown",
                detail,
                new FieldError("kid", detail)
            );
        }

        // Sent twice is done once.
        if (!client.IsGood(kid, now))
            return TypedResults.NoContent();
        if (
            !client.Keys.Keys.Any(other =>
                other != kid && client.IsGood(other, now) && !client.KeyEnds.ContainsKey(other)
            )
        )
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "last-key",
                "The client has no other key that stays: register the new one first."
            );
        }

        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity.client_key (client_id, kid, organisation, ends_at)
                VALUES ({id}, {kid}, {caller.Organisation}, {now})
            ON CONFLICT (client_id, kid) DO UPDATE SET ends_at = excluded.ends_at, organisation = excluded.organisation
            """,
            cancellationToken
        );
        await change.CommitAsync(acts, caller, Act, kid, cancellationToken);
        return TypedResults.NoContent();
    }
}
