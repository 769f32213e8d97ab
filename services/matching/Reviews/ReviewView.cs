using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>A question as its council sees it: its own plans, where and when, and what each trait said; no trait of the patient.</summary>
/// <param name="ReviewId">Names the question.</param>
/// <param name="Version">To be sent back with a decision.</param>
/// <param name="EncounterId">The encounter, as in <c>GET /matches</c>.</param>
/// <param name="RaisedAt">Since when it is asked.</param>
/// <param name="DueAt">By when it should be decided: 4 hours where the same child is likelier than not, else 24.</param>
/// <param name="Overdue">True after that.</param>
/// <param name="EscalatedAt">When it was found overdue with nobody on it; null where it was not.</param>
/// <param name="ClaimedBy">Who has it, or null.</param>
/// <param name="ClaimedUntil">Until when.</param>
/// <param name="SecondOpinion">True where a first reviewer wants another's opinion; what the first thinks is not shown.</param>
/// <param name="Posterior">How likely it is, by the rules.</param>
/// <param name="RuleVersion">Which rules.</param>
/// <param name="Attendance">Where and when, and whom to ask there.</param>
/// <param name="Plans">The council's own plans in question.</param>
/// <param name="Evidence">Trait by trait.</param>
/// <param name="InWords">The same in sentences, for each person in question: how likely, why a person is asked, what each trait says.</param>
internal sealed record ReviewView(
    Guid ReviewId, long Version, Guid EncounterId, DateTimeOffset RaisedAt, DateTimeOffset DueAt, bool Overdue, DateTimeOffset? EscalatedAt,
    string? ClaimedBy, DateTimeOffset? ClaimedUntil, bool SecondOpinion, double Posterior, string RuleVersion, AttendanceInQuestion? Attendance,
    IReadOnlyList<PlanInQuestion> Plans, JsonArray Evidence, IReadOnlyList<IReadOnlyList<string>> InWords)
{
    /// <summary>Shows reviews to their council; each is audited.</summary>
    public static async Task<List<ReviewView>> OfAsync(
        IReadOnlyList<Review> reviews, Caller caller, MatchingDb db, Sealer sealer, Parameters parameters, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var named = reviews.SelectMany(review => review.PlanIds.Concat(OwnEvidence.Rivals(review.Evidence))).Distinct().ToArray();
        var own = await db.PlansOfAsync([caller.Organisation], named, cancellationToken);
        var ownIds = own.Keys.ToHashSet();
        await using var batch = db.Batch();
        batch.SelectKept([.. reviews.Select(review => review.EncounterId)]);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var kept = (await reader.ReadAsync(EncounterRows.Read, cancellationToken)).ToDictionary(encounter => encounter.Id);
        foreach (var review in reviews)
            db.Audit(caller, "review.read", review.ReviewId);
        return [.. reviews.Select(review => new ReviewView(
            review.ReviewId, review.Version, review.EncounterId, review.RaisedAt, review.DueAt, review.DueAt < now, review.EscalatedAt,
            review.ClaimedUntil > now ? review.ClaimedBy : null, review.ClaimedUntil > now ? review.ClaimedUntil : null,
            review.OpinionBy is not null, review.Posterior, review.RuleVersion,
            kept.TryGetValue(review.EncounterId, out var encounter) ? AttendanceInQuestion.Of(encounter, sealer) : null,
            [.. review.PlanIds.Select(id => new PlanInQuestion(id, own[id].Reference, own[id].Kind))],
            OwnEvidence.Of(review.Evidence, ownIds),
            [.. JsonSerializer.Deserialize<PersonDecision[]>(review.Evidence, HubJson.Options)!
                .Select(person => Reviews.InWords.Of(person.Outcome, parameters))]))];
    }
}

/// <summary>A plan of the council that is asked.</summary>
internal sealed record PlanInQuestion(Guid PlanId, string Reference, PlanKind Kind);

/// <summary>Where and when, and whom to ask.</summary>
internal sealed record AttendanceInQuestion(
    string Site, string Trust, CareSetting Setting, string? Phone, EncounterStatus Status, DateTimeOffset? StartedAt, DateTimeOffset ReceivedAt)
{
    public static AttendanceInQuestion Of(Encounter encounter, Sealer sealer)
    {
        var place = sealer.Open(encounter.Place);
        return new(
            place.SiteName ?? place.SiteOds ?? place.OrganisationOds, place.OrganisationName ?? place.OrganisationOds, place.Setting, place.Phone, encounter.Status,
            encounter.StartedAt, encounter.ReceivedAt);
    }
}
