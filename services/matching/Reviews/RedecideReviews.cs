using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>
/// Decides open questions again that an earlier version of the rules asked: what the rules of today match or drop is
/// closed with its reason, what they still ask keeps its claim. Each question once for each later version, so that
/// replicas of two releases, side by side, do not undo one another's work.
/// </summary>
internal sealed partial class RedecideReviews(
    IServiceScopeFactory scopes,
    Parameters parameters,
    TimeProvider clock,
    ILogger<RedecideReviews> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    internal const string Alerted = "The rules of today are sure without a person.";
    internal const string Dropped = "The rules of today find the child no longer likely enough to ask.";
    private const int AtOnce = 50;

    // What names were learned by then is not a version of the rules.
    private const string AskedByEarlier = """
        state = 'open'
            AND regexp_replace(rule_version, '\+learned-[0-9]+$', '') <> $1
            AND coalesce((
                SELECT number FROM matching.rule_version AS asked
                WHERE asked.version = regexp_replace(rule_version, '\+learned-[0-9]+$', '')), 0)
                < (SELECT number FROM matching.rule_version AS own WHERE own.version = $1)
            AND EXISTS (
                SELECT FROM matching.encounter_fact AS fact WHERE fact.encounter_id = review.encounter_id)
        """;

    private readonly string _version = $"{parameters.Version}+{parameters.Population.Version}";

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await BeKnownAsync(cancellationToken);
        var closed = 0;
        for (Guid? last = Guid.Empty; last is { } after; )
        {
            var next = await NextAsync(after, cancellationToken);
            closed += await TogetherOrEachAsync(next, cancellationToken);
            last = next.Length == AtOnce ? next[^1] : null;
        }

        if (closed > 0)
            Closed(Logger, closed, _version);
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    private async Task BeKnownAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MatchingDb>();
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO matching.rule_version (version) VALUES ({_version}) ON CONFLICT DO NOTHING",
            cancellationToken
        );
    }

    private async Task<Guid[]> NextAsync(Guid after, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MatchingDb>();
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var batch = db.Batch();
        batch.Add(
            $"""
            SELECT review_id FROM matching.review WHERE {AskedByEarlier} AND review_id > $2
            ORDER BY review_id LIMIT $3
            """,
            _version,
            after,
            AtOnce
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.ReadAsync(row => row.GetGuid(0), cancellationToken)];
    }

    // One question that cannot be decided must keep neither the others from it nor the service from running.
    private async Task<int> TogetherOrEachAsync(Guid[] reviews, CancellationToken cancellationToken)
    {
        try
        {
            return reviews is [] ? 0 : await RedecideAsync(reviews, cancellationToken);
        }
        catch (Exception exception)
            when (!TransientFaults.IsDatabaseError(exception) && !cancellationToken.IsCancellationRequested)
        {
            if (reviews is [var one])
            {
                NotDecided(Logger, one, exception.GetType().Name);
                return 0;
            }

            var closed = 0;
            foreach (var review in reviews)
                closed += await TogetherOrEachAsync([review], cancellationToken);
            return closed;
        }
    }

    private async Task<int> RedecideAsync(Guid[] reviews, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<MatchingDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.KeepPlansOutAsync(cancellationToken);
        var encounters = await db.LockAsync(await MembersAsync(db, reviews, cancellationToken), cancellationToken);
        // Read behind the lock: another replica may have been here meanwhile.
        var asked = await AskedAsync(db, reviews, cancellationToken);
        var (sealer, macs) = (services.GetRequiredService<Sealer>(), services.GetRequiredService<BlockMacs>());
        var questions = encounters
            .Where(_ => asked.Count > 0)
            .Select(encounter => QuestionOf(encounter, sealer, macs))
            .OfType<Question>()
            .ToList();
        if (questions.Count == 0)
            return 0;
        await services.GetRequiredService<DecideEncounters>().DecideAsync(questions, Search.Table, cancellationToken);

        var ids = asked.Select(review => review.ReviewId).ToArray();
        var open = await db
            .Reviews.AsNoTracking()
            .Where(review => ids.Contains(review.ReviewId) && review.State == ReviewState.Open)
            .Select(review => review.ReviewId)
            .ToListAsync(cancellationToken);
        var closed = asked.FindAll(review => !open.Contains(review.ReviewId));
        foreach (var review in closed)
        {
            var sure = await db.CouncilMatches.AnyAsync(
                match =>
                    match.EncounterId == review.EncounterId && match.CouncilCode == review.CouncilCode && match.Matched,
                cancellationToken
            );
            var reason = sure ? Alerted : Dropped;
            db.Add(ReviewAct.Of(review, ReviewAction.Closed, Clock.GetUtcNow(), reason: reason));
            db.Audit(
                Caller.Hub with
                {
                    ClientId = "matching",
                    Organisation = review.CouncilCode,
                },
                "review.close",
                review.ReviewId,
                reason
            );
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return closed.Count;
    }

    private static async Task<Guid[]> MembersAsync(MatchingDb db, Guid[] reviews, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add("SELECT DISTINCT encounter_id FROM matching.review_member WHERE review_id = ANY($1)", reviews);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.ReadAsync(row => row.GetGuid(0), cancellationToken)];
    }

    private async Task<List<Review>> AskedAsync(MatchingDb db, Guid[] reviews, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add(
            $"SELECT {ReviewRows.Columns} FROM matching.review WHERE {AskedByEarlier} AND review_id = ANY($2)",
            _version,
            reviews
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(ReviewRows.Read, cancellationToken);
    }

    private Question? QuestionOf(Encounter encounter, Sealer sealer, BlockMacs macs)
    {
        try
        {
            return new(
                encounter,
                Patient.Of(encounter, sealer, macs),
                default,
                NewVersion: false,
                Because: $"Decided again by the rules {_version}."
            );
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Questions} open questions were settled by rules {Version}"
    )]
    private static partial void Closed(ILogger logger, int questions, string version);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Question {Review} could not be decided again ({Error}) and stays open as it is"
    )]
    private static partial void NotDecided(ILogger logger, Guid review, string error);
}
