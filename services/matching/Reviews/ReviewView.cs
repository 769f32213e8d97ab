using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Plans;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>
/// A question as its council sees it: its own plans, where and when, and what each trait said; of traits the
/// ages only.
/// </summary>
/// <param name="ReviewId">Names the question.</param>
/// <param name="Version">To be sent back with a decision.</param>
/// <param name="Withheld">True where the patient may be a child whom another council restricted first: of time only the
/// day is said, of the encounter and of what the rules found nothing.</param>
/// <param name="EncounterId">The encounter that raised it, as in <c>GET /matches</c>; null where withheld.</param>
/// <param name="RaisedAt">Since when it is asked.</param>
/// <param name="DueAt">By when it should be decided: 4 hours where the same child is likelier than not, else
/// 24.</param>
/// <param name="Overdue">True after that.</param>
/// <param name="EscalatedAt">When it was found overdue with nobody on it; null where it was not.</param>
/// <param name="ClaimedBy">Who has it, or null.</param>
/// <param name="ClaimedUntil">Until when.</param>
/// <param name="SecondOpinion">True where a first reviewer wants another's opinion; what the first thinks is not
/// shown.</param>
/// <param name="Posterior">How likely it is, by the rules; null where withheld.</param>
/// <param name="RuleVersion">Which rules.</param>
/// <param name="Attendance">Where and when the first of them was, and whom to ask there; null where the child may be
/// one that a council has restricted.</param>
/// <param name="Attendances">Every attendance of the patient that is in question, the first first: a decision holds for
/// all of them.</param>
/// <param name="Plans">The council's own plans in question.</param>
/// <param name="Evidence">Trait by trait.</param>
/// <param name="InWords">The same in sentences, for each person in question: how likely, why a person is asked, what
/// each trait says.</param>
/// <param name="Compared">The same part by part, and what one of the two records lacks.</param>
/// <param name="State">open, resolved by a person, or closed because the question went away.</param>
/// <param name="ClosedAt">When it was resolved or closed; null while it is open.</param>
/// <param name="Decision">What a person decided; null unless it is resolved.</param>
internal sealed record ReviewView(
    Guid ReviewId,
    long Version,
    bool Withheld,
    Guid? EncounterId,
    DateTimeOffset RaisedAt,
    DateTimeOffset DueAt,
    bool Overdue,
    DateTimeOffset? EscalatedAt,
    string? ClaimedBy,
    DateTimeOffset? ClaimedUntil,
    bool SecondOpinion,
    double? Posterior,
    string RuleVersion,
    AttendanceInQuestion? Attendance,
    IReadOnlyList<AttendanceInQuestion> Attendances,
    IReadOnlyList<PlanInQuestion> Plans,
    JsonArray Evidence,
    IReadOnlyList<IReadOnlyList<string>> InWords,
    IReadOnlyList<PersonCompared> Compared,
    ReviewState State,
    DateTimeOffset? ClosedAt,
    ReviewDecision? Decision
)
{
    /// <summary>Shows reviews to their council; each is audited.</summary>
    public static async Task<List<ReviewView>> OfAsync(
        IReadOnlyList<Review> reviews,
        Caller caller,
        MatchingDb db,
        Sealer sealer,
        Parameters parameters,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var named = reviews
            .SelectMany(review => review.PlanIds.Concat(OwnEvidence.Plans(review.Evidence)))
            .Distinct()
            .ToArray();
        var own = await db.PlansOfAsync([caller.Organisation], named, cancellationToken);
        var decisions = await DecisionsAsync(db, reviews, cancellationToken);
        await using var batch = db.Batch();
        var members = await MembersAsync(db, reviews, cancellationToken);
        var encounters = members.SelectMany(review => review).ToArray();
        batch.SelectKept(encounters);
        batch.SelectRestricted(encounters);
        batch.SelectWithheld(encounters, caller.Organisation);
        batch.Add(
            "SELECT encounter_id, patient_key, patient FROM matching.encounter_fact WHERE encounter_id = ANY($1)",
            encounters
        );
        batch.Add(
            "SELECT plan_id, subject_key, subject FROM matching.plan WHERE plan_id = ANY($1) AND council_code = $2 "
                + "AND subject IS NOT NULL",
            reviews.SelectMany(review => review.PlanIds).Distinct().ToArray(),
            caller.Organisation
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var kept = (await reader.ReadAsync(EncounterRows.Read, cancellationToken)).ToDictionary(encounter =>
            encounter.Id
        );
        var restricted = await reader.ReadRestrictedAsync(cancellationToken);
        var withheld = await reader.ReadRestrictedAsync(cancellationToken);
        var born = new Dictionary<Guid, DateOnly?>();
        List<(Guid Id, Sealed<PersonTraits> Traits)> people =
        [
            .. await reader.ReadAsync(ReadTraits, cancellationToken),
            .. await reader.ReadAsync(ReadTraits, cancellationToken),
        ];
        foreach (var (id, traits) in people)
            born[id] = sealer.Open(traits).BirthDate;

        DateOnly DayOf(Review review) =>
            kept.TryGetValue(review.EncounterId, out var encounter) ? encounter.Day : UkTime.Day(review.RaisedAt);
        // Where a restricted child may be is not for everybody who decides questions.
        AttendanceInQuestion? AttendanceOf(Guid id) =>
            kept.TryGetValue(id, out var encounter)
            && DecideDisclosure.Decide(Asked.OfOwnChild(Shown.Place, restricted.Contains(id))) is Extent.Whole
                ? AttendanceInQuestion.Of(encounter, sealer, AgeOn(encounter.Day, born.GetValueOrDefault(id)))
                : null;
        foreach (var review in reviews)
            db.Audit(caller, "review.read", review.ReviewId);

        ReviewView ViewOf(Review review)
        {
            var receivedAt = kept.GetValueOrDefault(review.EncounterId)?.ReceivedAt;
            var all = members[review.ReviewId].Append(review.EncounterId).ToList();
            var asked = Asked.OfOwnChild(
                Shown.Question,
                all.Exists(restricted.Contains) || all.Exists(withheld.Contains),
                all.Exists(withheld.Contains)
            );
            var isWithheld = DecideDisclosure.Decide(asked) is not Extent.Whole;
            DateTimeOffset AsShown(DateTimeOffset at) => isWithheld ? at.DayOnly() : at;
            var evidence = isWithheld ? [] : OwnEvidence.Select(review.Evidence, own, receivedAt);
            var compared = evidence
                .Deserialize<PersonDecision[]>(HubJson.Options)!
                .Select(person => PersonCompared.Of(person, own, receivedAt, parameters))
                .ToList();
            return new(
                review.ReviewId,
                review.Version,
                isWithheld,
                isWithheld ? null : review.EncounterId,
                AsShown(review.RaisedAt),
                AsShown(review.DueAt),
                // When it falls due would say when it was raised.
                AsShown(review.DueAt) < AsShown(now),
                review.EscalatedAt is { } escalated ? AsShown(escalated) : null,
                review.ClaimedUntil > now ? review.ClaimedBy : null,
                review.ClaimedUntil > now ? review.ClaimedUntil : null,
                review.OpinionBy is not null,
                isWithheld ? null : review.Posterior,
                review.RuleVersion,
                AttendanceOf(review.EncounterId),
                [.. members[review.ReviewId].Select(AttendanceOf).OfType<AttendanceInQuestion>()],
                [
                    .. review
                        .PlanIds.Where(own.ContainsKey)
                        .Select(id => new PlanInQuestion(
                            id,
                            own[id].Reference,
                            own[id].Kind,
                            AgeOn(DayOf(review), born.GetValueOrDefault(id))
                        )),
                ],
                evidence,
                compared.ConvertAll(person => person.InWords.Lines),
                compared,
                review.State,
                review.ClosedAt is { } closed ? AsShown(closed) : null,
                review.State == ReviewState.Resolved ? decisions.GetValueOrDefault(review.ReviewId) : null
            );
        }

        return [.. reviews.Select(ViewOf)];
    }

    private static async Task<Dictionary<Guid, ReviewDecision>> DecisionsAsync(
        MatchingDb db,
        IReadOnlyList<Review> reviews,
        CancellationToken cancellationToken
    )
    {
        var resolved = reviews
            .Where(review => review.State == ReviewState.Resolved)
            .Select(review => review.ReviewId)
            .ToArray();
        if (resolved is [])
            return [];
        var acts = await db.Set<ReviewAct>()
            .AsNoTracking()
            .Where(act => resolved.Contains(act.ReviewId) && act.Action == ReviewAction.Decided)
            .OrderBy(act => act.ActId)
            .ToListAsync(cancellationToken);
        return acts.GroupBy(act => act.ReviewId).ToDictionary(of => of.Key, of => ReviewDecision.Of(of.Last()));
    }

    private static async Task<ILookup<Guid, Guid>> MembersAsync(
        MatchingDb db,
        IReadOnlyList<Review> reviews,
        CancellationToken cancellationToken
    )
    {
        await using var batch = db.Batch();
        batch.Add(
            "SELECT review_id, encounter_id FROM matching.review_member WHERE review_id = ANY($1) "
                + "ORDER BY joined_at, encounter_id",
            reviews.Select(review => review.ReviewId).ToArray()
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var members = await reader.ReadAsync(row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken);
        return members.ToLookup(member => member.Item1, member => member.Item2);
    }

    private static (Guid Id, Sealed<PersonTraits> Traits) ReadTraits(NpgsqlDataReader row) =>
        (row.GetGuid(0), new(row.GetString(1), row.GetFieldValue<byte[]>(2)));

    private static int? AgeOn(DateOnly day, DateOnly? birthDate) =>
        birthDate is not { } born || born > day
            ? null
            : day.Year - born.Year - ((day.Month, day.Day).CompareTo((born.Month, born.Day)) < 0 ? 1 : 0);
}

/// <summary>A person on the register beside the patient.</summary>
/// <param name="PlanIds">The council's plans of that person.</param>
/// <param name="InWords">What agrees, what differs and what is missing.</param>
internal sealed record PersonCompared(IReadOnlyList<Guid> PlanIds, PersonInWords InWords)
{
    public static PersonCompared Of(
        PersonDecision person,
        IReadOnlyDictionary<Guid, StoredPlan> own,
        DateTimeOffset? receivedAt,
        Parameters parameters
    )
    {
        Guid[] plans = [.. person.Plans.Select(plan => plan.PlanId)];
        return new(
            plans,
            Domain.Decisions.InWords.Person(
                person.Outcome,
                parameters,
                withHome: OwnEvidence.ShowsHome(plans, own, receivedAt)
            )
        );
    }
}

/// <summary>What a person decided.</summary>
/// <param name="Verdict">What.</param>
/// <param name="By">Who, as the council's system names its staff.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
internal sealed record ReviewDecision(ReviewVerdict Verdict, string? By, DateTimeOffset At, string? Reason)
{
    public static ReviewDecision Of(ReviewAct act) => new(act.Verdict!.Value, act.Reviewer, act.At, act.Reason);
}

/// <summary>A plan of the council that is asked.</summary>
/// <param name="PlanId">The hub's id.</param>
/// <param name="Reference">The council's own reference.</param>
/// <param name="Kind">Which register.</param>
/// <param name="Age">Full years of the child on the day of the attendance, of an unborn plan those of the mother; null
/// where the birth date is not known.</param>
internal sealed record PlanInQuestion(Guid PlanId, string Reference, PlanKind Kind, int? Age);

/// <summary>Where and when, and whom to ask.</summary>
/// <param name="EncounterId">The encounter, as in <c>GET /matches</c>.</param>
/// <param name="Site">The site, by name where the trust has registered one.</param>
/// <param name="Trust">The trust.</param>
/// <param name="Setting">What kind of care.</param>
/// <param name="Phone">Whom to ring, as the trust has registered it for the site; null where it has not.</param>
/// <param name="Reference">What to quote there: the trust's own identifier of the encounter; null of one from before
/// this was kept.</param>
/// <param name="Status">Where the encounter is in its life cycle.</param>
/// <param name="StartedAt">When the patient arrived, or null where the trust did not say.</param>
/// <param name="ReceivedAt">When the hub received it.</param>
/// <param name="Age">Full years of the patient that day; null where the birth date is not known, and once the traits
/// are gone.</param>
internal sealed record AttendanceInQuestion(
    Guid EncounterId,
    string Site,
    string Trust,
    CareSetting Setting,
    string? Phone,
    string? Reference,
    EncounterStatus Status,
    DateTimeOffset? StartedAt,
    DateTimeOffset ReceivedAt,
    int? Age
)
{
    public static AttendanceInQuestion Of(Encounter encounter, Sealer sealer, int? age)
    {
        var place = sealer.Open(encounter.Place);
        return new(
            encounter.Id,
            place.SiteName ?? place.SiteOds ?? place.OrganisationOds,
            place.OrganisationName ?? place.OrganisationOds,
            place.Setting,
            place.Phone,
            place.EncounterReference,
            encounter.Status,
            encounter.StartedAt,
            encounter.ReceivedAt,
            age
        );
    }
}
