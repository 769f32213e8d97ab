using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.NhsNumberChanges;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.NhsNumberChanges;

/// <summary>
/// Takes a change of an NHS number: a merge that reaches no restricted plan is followed at once, everything
/// else waits for a cleared reviewer.
/// </summary>
internal static class ReceiveNhsNumberChange
{
    private const string TypePrefix = "nhs-number-change";
    private const int LongestText = 200;

    /// <param name="SupersededNhsNumber">The number that is no longer to be used.</param>
    /// <param name="NhsNumber">The number to be used instead.</param>
    /// <param name="Kind">merge, split, or what else the sender says; only a merge is followed by itself.</param>
    /// <param name="Restricted">True where access to the demographic record is restricted.</param>
    internal sealed record Change(string? SupersededNhsNumber, string? NhsNumber, string? Kind, bool? Restricted)
    {
        /// <summary>Never the content.</summary>
        public override string ToString() => nameof(Change);
    }

    /// <param name="ChangeId">The hub's id of the change. Whether it was followed or waits is not said: that itself
    /// would tell of a restricted child.</param>
    internal sealed record Taken(Guid ChangeId);

    internal static async Task<Results<Accepted<Taken>, ProblemHttpResult>> Handle(
        ReceiveNhsNumberChangeRequest request,
        Caller caller,
        MatchingDb db,
        Sealer sealer,
        ApplyNhsNumberChange follow,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<FieldError>();
        var numbers = Judge(request, errors);
        if (errors.Count > 0)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "number-change-unreadable",
                "This is not a change of an NHS number as this route takes it.",
                [.. errors]
            );
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.KeepAllOutAsync(cancellationToken);
        var known = await db.Set<NumberChange>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                change => change.Source == request.Source && change.EventId == request.Id,
                cancellationToken
            );
        if (known is not null)
            return TypedResults.Accepted((string?)null, new Taken(known.ChangeId));

        var restrictedPlan = await follow.ReachesRestrictedPlanAsync(numbers!, cancellationToken);
        var change = Make(
            request,
            numbers!,
            restrictedPlan,
            await WasNotFollowedAsync(numbers!, db, sealer, cancellationToken),
            sealer,
            clock.GetUtcNow()
        );
        db.Add(change);
        db.Audit(caller, "number-change.take", change.ChangeId);
        await db.SaveChangesAsync(cancellationToken);
        if (change.State == NumberChangeState.Followed)
            await follow.FollowAsync(change, Activity.Current?.Context ?? default, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync();
        return TypedResults.Accepted((string?)null, new Taken(change.ChangeId));
    }

    private static ChangedNumbers? Judge(ReceiveNhsNumberChangeRequest request, List<FieldError> errors)
    {
        if (request.SpecVersion != "1.0")
            errors.Add(new("specversion", "must be 1.0"));
        if (string.IsNullOrWhiteSpace(request.Id) || request.Id.Length > LongestText)
            errors.Add(new("id", $"must be 1 to {LongestText} characters"));
        if (string.IsNullOrWhiteSpace(request.Source) || request.Source.Length > LongestText)
            errors.Add(new("source", $"must be 1 to {LongestText} characters"));
        if (request.Type?.StartsWith(TypePrefix, StringComparison.Ordinal) != true)
            errors.Add(new("type", $"must begin with {TypePrefix}"));
        var superseded = Number(request.Data?.SupersededNhsNumber, "data.supersededNhsNumber", errors);
        var current = Number(request.Data?.NhsNumber, "data.nhsNumber", errors);
        if (superseded is null || current is null)
            return null;
        if (superseded == current)
            errors.Add(new("data.nhsNumber", "must be another number than the superseded one"));
        return new(superseded.Value, current.Value);
    }

    private static NhsNumber? Number(string? text, string field, List<FieldError> errors)
    {
        if (NhsNumber.TryParse(text, out var number))
            return number;
        errors.Add(new(field, text is null ? "is missing" : "is not a valid NHS number"));
        return null;
    }

    // What a person refused or took back is not followed because it is told once more.
    private static Task<bool> WasNotFollowedAsync(
        ChangedNumbers numbers,
        MatchingDb db,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        var (superseded, current) = (Macs(numbers.Superseded), Macs(numbers.Current));
        return db.Set<NumberChange>()
            .AnyAsync(
                change =>
                    change.State != NumberChangeState.Followed
                    && change.DecidedBy != null
                    && superseded.Contains(change.SupersededMac)
                    && current.Contains(change.CurrentMac),
                cancellationToken
            );

        byte[][] Macs(NhsNumber number) => [.. sealer.MacsForSearch(OtherNumbersOf.Purpose, number.Reveal())];
    }

    private static NumberChange Make(
        ReceiveNhsNumberChangeRequest request,
        ChangedNumbers numbers,
        bool restrictedPlan,
        bool wasNotFollowed,
        Sealer sealer,
        DateTimeOffset now
    )
    {
        var kind = Enum.TryParse<NumberChangeKind>(request.Data!.Kind, ignoreCase: true, out var said)
            ? said
            : NumberChangeKind.Other;
        var (restricted, both) = (request.Data.Restricted ?? false, sealer.Seal(numbers));
        return new()
        {
            ChangeId = Guid.CreateVersion7(now),
            Source = request.Source!,
            EventId = request.Id!,
            Kind = kind,
            Restricted = restricted,
            RestrictedPlan = restrictedPlan,
            NumbersKey = both.KeyId,
            Numbers = both.Value,
            SupersededMac = sealer.Mac(OtherNumbersOf.Purpose, numbers.Superseded.Reveal()),
            CurrentMac = sealer.Mac(OtherNumbersOf.Purpose, numbers.Current.Reveal()),
            State =
                kind == NumberChangeKind.Merge && !restricted && !restrictedPlan && !wasNotFollowed
                    ? NumberChangeState.Followed
                    : NumberChangeState.Held,
            ChangedAt = (request.Time ?? now).ToUniversalTime(),
            ReceivedAt = now,
        };
    }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record ReceiveNhsNumberChangeRequest(
    string? SpecVersion,
    string? Id,
    string? Source,
    string? Type,
    DateTimeOffset? Time,
    ReceiveNhsNumberChange.Change? Data
);
