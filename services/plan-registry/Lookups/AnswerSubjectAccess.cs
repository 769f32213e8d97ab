using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.SubjectAccess;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Lookups;

/// <summary>
/// What a council holds here of one person, for a request of access by or for that person. Where the person is or was,
/// who looked and other people are withheld until somebody releases them.
/// </summary>
internal static class AnswerSubjectAccess
{
    private const string Act = "plan.subject-access";

    private static readonly string[] Elsewhere =
    [
        "Why the hub took patients for this person: POST /subject-access at matching.",
        "Alerts, and what was done about each: POST /subject-access at notification.",
        "What trusts sent of the person's visits: ask the trusts.",
        "Who looked: POST /fhir/AuditEvent/_search at each service.",
        "Reports of uploads, by the plan's reference, for 90 days: GET /uploads/ID/lines.",
    ];

    public static async Task<Results<Ok<SubjectAccessDocument>, ProblemHttpResult>> Handle(
        SubjectAccessRequest request,
        Caller caller,
        PlanRegistryDb db,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        var own = db
            .Plans.AsNoTracking()
            .Where(plan => plan.CouncilCode == caller.Organisation && plan.DeletedAt == null);
        NhsNumber? number = null;
        Plan? named = null;
        if (request.Plan is { } reference)
        {
            if (request.NhsNumber is not null)
                return Both();
            named = await own.SingleOrDefaultAsync(plan => plan.Reference == reference, cancellationToken);
            if (named is null)
                return Refusal.NotFound();
            number = sealer.Open(named.SealedSubject).Identifier.NhsNumber;
        }
        else if (NhsNumber.TryParse(request.NhsNumber, out var given))
        {
            number = given;
        }
        else
        {
            return SearchPlans.NumberInvalid();
        }

        IReadOnlyList<byte[]> macs = number is { } known
            ? sealer.MacsForSearch(SealedFacts.Purpose.NhsNumber, known.Reveal())
            : [];
        var plans = number is null
            ? [named!]
            : await own.Where(plan => macs.Contains(plan.NhsNumberMac))
                .OrderBy(plan => plan.StartDate)
                .ThenBy(plan => plan.Reference)
                .ToListAsync(cancellationToken);
        // By a plan without a number, since by that alone look-ups by traits are known to be of the person.
        Guid[] byPlan = number is null ? [named!.Id] : [];
        var lookups = await GetLookups.OfPersonAsync(macs, byPlan, caller, db, cancellationToken);
        return await db.DiscloseAsync(
            caller,
            [.. plans.Select(plan => OfPlan(plan, sealer.Open(plan.SealedSubject))), .. lookups.Select(OfLookup)],
            request.Releases,
            "the register of plans",
            Elsewhere,
            plans.ConvertAll(plan => new SubjectPlan(
                plan.Id,
                plan.Kind == PlanKind.Unborn ? MatchRole.MotherOfUnborn : MatchRole.Child
            )),
            cancellationToken
        );
    }

    private static ProblemHttpResult Both()
    {
        const string Words = "Name the person by nhsNumber or by plan: one of them.";
        return Refusal.Problem(
            StatusCodes.Status400BadRequest,
            "person-named-twice",
            Words,
            new FieldError("plan", Words)
        );
    }

    // Of a plan for an unborn child the person is the mother, and the plan itself is another's.
    private static StoredRecord OfPlan(Plan plan, PersonTraits subject)
    {
        var record = new StoredRecord(Act, plan.Id, "plan", plan.Id.ToString());
        var itself = plan.Kind == PlanKind.Unborn ? Withheld.OtherPeople : null;
        record.Add("reference", plan.Reference, itself);
        record.Add("kind", PlanView.Word(plan.Kind), itself);
        record.Add("startDate", plan.StartDate, itself);
        record.Add("endDate", plan.EndDate, itself);
        record.Add("expectedDate", plan.ExpectedDate, itself);
        record.Add("restricted", plan.Restricted, itself);
        record.Add("registeredAt", plan.RegisteredAt, itself);
        record.Add("changedAt", plan.ChangedAt, itself);
        Add(record, "", subject, withheld: null, Withheld.Location);
        if (subject.Mother is { } mother)
            Add(record, "mother.", mother, Withheld.OtherPeople, Withheld.OtherPeople);
        return record;
    }

    private static void Add(StoredRecord record, string of, PersonTraits person, string? withheld, string where)
    {
        record.Add($"{of}nhsNumber", person.Identifier.NhsNumber?.Reveal(), withheld);
        record.Add($"{of}names", person.Names.Select(name => string.Join(' ', [.. name.Given, name.Family])), withheld);
        record.Add($"{of}birthDate", person.BirthDate, withheld);
        record.Add($"{of}sex", person.Sex?.ToString().ToLowerInvariant(), withheld);
        record.Add($"{of}postcodes", person.Postcodes.Select(postcode => postcode.Postcode), where);
        record.Add($"{of}phones", person.Phones, where);
    }

    // Of a restricted child the place is a call of its own (GET /lookups/{id}/place), and another council's to show.
    private static StoredRecord OfLookup(LookupView lookup)
    {
        var record = new StoredRecord(Act, lookup.LookupId, "look-up", lookup.LookupId.ToString());
        record.Add("at", lookup.At, withheld: null, dayOnly: lookup.Restricted);
        // Absent of a restricted child: that it is withheld is said all the same.
        record.Add(
            "organisation",
            lookup.Organisation ?? "withheld",
            lookup.Restricted ? Withheld.Restricted : Withheld.Location
        );
        record.Add("role", lookup.Role ?? "withheld", lookup.Restricted ? Withheld.Restricted : Withheld.Reporter);
        return record;
    }
}

/// <summary>The body: a body, because no URL may hold an NHS number.</summary>
/// <param name="NhsNumber">The person's; or instead <paramref name="Plan"/>.</param>
/// <param name="Plan">Your reference of a plan: the person whom it is about.</param>
/// <param name="Releases">What is to be shown of what an answer without them withholds.</param>
internal sealed record SubjectAccessRequest(string? NhsNumber, string? Plan, IReadOnlyList<SubjectRelease>? Releases)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(SubjectAccessRequest);
}
