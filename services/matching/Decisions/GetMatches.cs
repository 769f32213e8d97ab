using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Decisions;

/// <summary>Shows a council what was decided of an encounter, as far as it concerns the council.</summary>
internal static class GetMatches
{
    /// <summary>What a council was last sent.</summary>
    internal sealed record NotifiedCouncil(
        string CouncilCode,
        bool Matched,
        long Version,
        IReadOnlyList<NotifiedPlan> Plans,
        double? Certainty,
        string RuleVersion,
        bool Late
    );

    /// <summary>A plan as its council was notified of it: not which other council withholds the place.</summary>
    internal sealed record NotifiedPlan(
        Guid PlanId,
        string Reference,
        PlanKind Kind,
        MatchRole Role,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] PlanRestriction Restriction
    )
    {
        public static NotifiedPlan Of(MatchedPlan plan) =>
            new(plan.PlanId, plan.Reference, plan.Kind, plan.Role, plan.Restriction);
    }

    internal static async Task<Results<Ok<GetMatchesView>, ProblemHttpResult>> Handle(
        Guid encounterId,
        Caller caller,
        MatchingDb db,
        Parameters parameters,
        CancellationToken cancellationToken
    )
    {
        var all = caller.Scopes.Contains("ops");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var decisions = await db
            .Decisions.AsNoTracking()
            .Where(entry => entry.EncounterId == encounterId && (all || entry.CouncilCode == caller.Organisation))
            .OrderBy(entry => entry.DecisionId)
            .ToListAsync(cancellationToken);
        if (decisions.Count == 0)
            return Refusal.NotFound();

        var matches = await db
            .CouncilMatches.AsNoTracking()
            .Where(match => match.EncounterId == encounterId && (all || match.CouncilCode == caller.Organisation))
            .OrderBy(match => match.CouncilCode)
            .ToListAsync(cancellationToken);
        var councils = decisions.Select(entry => entry.CouncilCode).OfType<string>().Distinct().ToArray();
        var own = await db.PlansOfAsync(
            councils,
            [.. decisions.SelectMany(entry => OwnEvidence.Plans(entry.Evidence)).Distinct()],
            cancellationToken
        );
        await using var batch = db.Batch();
        batch.SelectRestricted([encounterId]);
        batch.SelectKept([encounterId]);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var asked = Asked.OfOwnChild(
            Shown.Evidence,
            restricted: (await reader.ReadRestrictedAsync(cancellationToken)).Count > 0
        );
        if (all)
            asked = asked with { Organisation = OrganisationKind.Hub, Relationship = Relationship.None };
        // Of a restricted child it is said whether it matched, and no more.
        var isRestricted = DecideDisclosure.Decide(asked) is not Extent.Whole;
        var receivedAt = (await reader.ReadAsync(EncounterRows.Read, cancellationToken)).SingleOrDefault()?.ReceivedAt;
        await reader.CloseAsync();

        db.Audit(caller, "match.read", encounterId, concerning: councils);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(
            new GetMatchesView(
                encounterId,
                matches.ConvertAll(match => new NotifiedCouncil(
                    match.CouncilCode,
                    match.Matched,
                    match.Version,
                    [.. match.MatchedPlans.Select(NotifiedPlan.Of)],
                    isRestricted ? null : match.Certainty,
                    match.RuleVersion,
                    match.Late
                )),
                decisions.ConvertAll(entry =>
                {
                    var evidence = isRestricted ? [] : OwnEvidence.Select(entry.Evidence, own, receivedAt);
                    return new GetMatchesLine(
                        isRestricted ? null : entry.DecisionId,
                        isRestricted ? entry.DecidedAt.DayOnly() : entry.DecidedAt,
                        entry.CouncilCode,
                        entry.EncounterVersion,
                        entry.Outcome,
                        entry.Late,
                        entry.RuleVersion,
                        entry.DecidedBy,
                        entry.Reason,
                        evidence,
                        InWords.Of(evidence, parameters)
                    );
                })
            )
        );
    }
}

internal sealed record GetMatchesView(
    Guid EncounterId,
    IReadOnlyList<GetMatches.NotifiedCouncil> Councils,
    IReadOnlyList<GetMatchesLine> Decisions
);

/// <summary>One decision; <c>inWords</c> says its evidence in sentences, for each person.</summary>
/// <param name="DecisionId">Names it; null of a restricted child, because it says when.</param>
/// <param name="DecidedAt">When; of a restricted child the day.</param>
/// <param name="CouncilCode">GSS code of the council whose plans were compared; null where none matched.</param>
/// <param name="EncounterVersion">Which version of the encounter was decided on.</param>
/// <param name="Outcome">What was decided.</param>
/// <param name="Late">Whether a plan or a correction came after the encounter.</param>
/// <param name="RuleVersion">Which version of the rules decided.</param>
/// <param name="DecidedBy">Who, where a person did.</param>
/// <param name="Reason">Why, as that person wrote.</param>
/// <param name="Evidence">How each field compared, for each person.</param>
/// <param name="InWords">The same in sentences.</param>
internal sealed record GetMatchesLine(
    Guid? DecisionId,
    DateTimeOffset DecidedAt,
    string? CouncilCode,
    long EncounterVersion,
    DecisionOutcome Outcome,
    bool Late,
    string RuleVersion,
    string? DecidedBy,
    string? Reason,
    JsonArray Evidence,
    IReadOnlyList<IReadOnlyList<string>> InWords
);
