using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Lookups;

/// <summary>
/// What a council holds here of one person, for a request of access by or for that person. Where the person is or was,
/// who reported and other people are withheld until somebody releases them, item by item and with a reason. Nothing is
/// remembered of a release but its audit record: the next answer withholds again.
/// </summary>
internal static class AnswerSubjectAccess
{
    private const string ReadAct = "plan.subject-access";
    private const string ReleaseAct = "plan.subject-access.release";

    private const string Location = "location";
    private const string Reporter = "reporter";
    private const string OtherPeople = "other-people";
    private const string Restricted = "restricted";

    private const int LongestReason = 1_000;
    private const int MostReleases = 200;

    private static readonly string[] Elsewhere =
    [
        "Alerts, and what was done about each: GET /alerts?plan=REFERENCE and GET /alerts/ID/history at notification.",
        "Why the hub took a patient for this person: GET /matches/ENCOUNTER at matching.",
        "Who looked: POST /fhir/AuditEvent/_search at each service.",
        "Reports of uploads, by the plan's reference, for 90 days: GET /uploads/ID/lines.",
    ];

    public static async Task<Results<Ok<SubjectAccessDocument>, ProblemHttpResult>> Handle(
        SubjectAccessRequest request,
        Caller caller,
        PlanRegistryDb db,
        Sealer sealer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (!NhsNumber.TryParse(request.NhsNumber, out var number))
            return SearchPlans.NumberInvalid();

        var held = await ReadAsync(number, caller, db, sealer, cancellationToken);
        var releases = request.Releases ?? [];
        if (Fault(releases, held) is { } fault)
            return fault;

        var released = releases.ToDictionary(release => release.Item!, release => release.Reason!);
        foreach (var record in held)
        {
            db.Audit(caller, ReadAct, record.Id);
            foreach (var item in record.Items.Where(item => released.ContainsKey(item.Id)))
                db.Audit(caller, ReleaseAct, record.Id, $"{item.Name}: {released[item.Id]}");
        }

        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(DocumentOf(held, released.Keys, caller.Organisation, clock.GetUtcNow()));
    }

    private static async Task<List<HeldRecord>> ReadAsync(
        NhsNumber number,
        Caller caller,
        PlanRegistryDb db,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        var macs = sealer.MacsForSearch(SealedFacts.Purpose.NhsNumber, number.Reveal());
        var plans = await db
            .Plans.AsNoTracking()
            .Where(plan =>
                plan.CouncilCode == caller.Organisation && macs.Contains(plan.NhsNumberMac) && plan.DeletedAt == null
            )
            .OrderBy(plan => plan.StartDate)
            .ThenBy(plan => plan.Reference)
            .ToListAsync(cancellationToken);
        var lookups = await ReadLookups.OfPersonAsync(macs, caller, db, cancellationToken);
        return [.. plans.Select(plan => OfPlan(plan, sealer.Open(plan.SealedSubject))), .. lookups.Select(OfLookup)];
    }

    // Of a plan for an unborn child the person is the mother, and the plan itself is another's.
    private static HeldRecord OfPlan(Plan plan, PersonTraits subject)
    {
        var record = new HeldRecord(plan.Id, "plan");
        var itself = plan.Kind == PlanKind.Unborn ? OtherPeople : null;
        record.Add("reference", plan.Reference, itself);
        record.Add("kind", PlanView.Word(plan.Kind), itself);
        record.Add("startDate", Day(plan.StartDate), itself);
        record.Add("endDate", Day(plan.EndDate), itself);
        record.Add("expectedDate", Day(plan.ExpectedDate), itself);
        record.Add("restricted", plan.Restricted ? "yes" : "no", itself);
        record.Add("registeredAt", Moment(plan.RegisteredAt), itself);
        record.Add("changedAt", Moment(plan.ChangedAt), itself);
        Add(record, "", subject, withheld: null, Location);
        if (subject.Mother is { } mother)
            Add(record, "mother.", mother, OtherPeople, OtherPeople);
        return record;
    }

    private static void Add(HeldRecord record, string of, PersonTraits person, string? withheld, string where)
    {
        record.Add($"{of}nhsNumber", person.Identifier.NhsNumber?.Reveal(), withheld);
        record.Add(
            $"{of}names",
            Joined(person.Names.Select(name => string.Join(' ', [.. name.Given, name.Family]))),
            withheld
        );
        record.Add($"{of}birthDate", Day(person.BirthDate), withheld);
        record.Add($"{of}sex", person.Sex?.ToString().ToLowerInvariant(), withheld);
        record.Add($"{of}postcodes", Joined(person.Postcodes.Select(postcode => postcode.Postcode)), where);
        record.Add($"{of}phones", Joined(person.Phones), where);
    }

    // Of a restricted child the place is a call of its own (GET /lookups/{id}/place), and another council's to show.
    private static HeldRecord OfLookup(LookupView lookup)
    {
        var record = new HeldRecord(lookup.LookupId, "look-up");
        record.Add("at", lookup.Restricted ? Day(DateOnly.FromDateTime(lookup.At.Date)) : Moment(lookup.At), null);
        record.Add("organisation", lookup.Organisation ?? "", lookup.Restricted ? Restricted : Location);
        record.Add("role", lookup.Role ?? "", lookup.Restricted ? Restricted : Reporter);
        return record;
    }

    private static ProblemHttpResult? Fault(IReadOnlyList<SubjectRelease> releases, List<HeldRecord> held)
    {
        var errors = new List<FieldError>();
        if (releases.Count > MostReleases)
            errors.Add(new("releases", $"at most {MostReleases}"));
        var left = held.SelectMany(record => record.Items)
            .Where(item => item.Withheld is not (null or Restricted))
            .Select(item => item.Id)
            .ToHashSet();
        foreach (var (i, release) in releases.Take(MostReleases).Index())
        {
            if (release.Item is null || !left.Remove(release.Item))
                errors.Add(new($"releases[{i}].item", "is no item that is withheld and can be released, or is twice"));
            if (string.IsNullOrWhiteSpace(release.Reason) || release.Reason.Length > LongestReason)
                errors.Add(new($"releases[{i}].reason", $"must be 1 to {LongestReason} characters"));
        }

        return errors is []
            ? null
            : Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "release-unusable",
                "Name each item that you release as the answer without releases names it, and say why.",
                [.. errors]
            );
    }

    private static SubjectAccessDocument DocumentOf(
        List<HeldRecord> held,
        IReadOnlyCollection<string> released,
        string organisation,
        DateTimeOffset now
    )
    {
        List<SubjectRecord> records =
        [
            .. held.Select(record => new SubjectRecord(
                record.Kind,
                [
                    .. record.Items.Select(item =>
                        item.Withheld is null || released.Contains(item.Id)
                            ? new SubjectItem(item.Id, item.Name, item.Value, Withheld: null)
                            : new SubjectItem(item.Id, item.Name, Value: null, item.Withheld)
                    ),
                ]
            )),
        ];
        return new(now, organisation, records, Elsewhere, TextOf(records, organisation, now));
    }

    private static string TextOf(List<SubjectRecord> records, string organisation, DateTimeOffset now)
    {
        var text = new StringBuilder(
            $"What {organisation} holds of this person in the register of plans, {Moment(now)}\n"
        );
        if (records is [])
            text.Append("\nNothing.\n");
        foreach (var record in records)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{record.Kind}\n");
            foreach (var item in record.Items)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {item.Name}: {item.Value ?? $"withheld ({item.Withheld})"}\n"
                );
            }
        }

        text.Append("\nHeld elsewhere\n");
        foreach (var place in Elsewhere)
            text.Append(CultureInfo.InvariantCulture, $"  {place}\n");
        return text.ToString();
    }

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Joined(IEnumerable<string?> values) =>
        string.Join(", ", values.Where(value => !string.IsNullOrEmpty(value))) is { Length: > 0 } text ? text : null;

    /// <summary>What is held, whether it may be shown or not.</summary>
    private sealed class HeldRecord(Guid id, string kind)
    {
        private readonly List<(string Id, string Name, string Value, string? Withheld)> _items = [];

        public Guid Id => id;

        public string Kind => kind;

        public IReadOnlyList<(string Id, string Name, string Value, string? Withheld)> Items => _items;

        public void Add(string name, string? value, string? withheld)
        {
            if (value is not null)
                _items.Add(($"{kind}/{id}/{name}", name, value, withheld));
        }
    }
}

/// <summary>The body: a body, because no URL may hold an NHS number.</summary>
/// <param name="NhsNumber">The person's.</param>
/// <param name="Releases">What is to be shown of what an answer without them withholds.</param>
internal sealed record SubjectAccessRequest(string? NhsNumber, IReadOnlyList<SubjectRelease>? Releases)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(SubjectAccessRequest);
}

/// <param name="Item">As the answer names it.</param>
/// <param name="Reason">Why it may be shown to the person; it is audited.</param>
internal sealed record SubjectRelease(string? Item, string? Reason)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(SubjectRelease);
}

/// <param name="At">When it was made.</param>
/// <param name="Organisation">Whose data it is.</param>
/// <param name="Records">Plans, then look-ups.</param>
/// <param name="HeldElsewhere">What is not in it, and where that is read.</param>
/// <param name="Text">The same to be read by people.</param>
internal sealed record SubjectAccessDocument(
    DateTimeOffset At,
    string Organisation,
    IReadOnlyList<SubjectRecord> Records,
    IReadOnlyList<string> HeldElsewhere,
    string Text
);

/// <param name="Kind">plan or look-up.</param>
/// <param name="Items">What is held of it.</param>
internal sealed record SubjectRecord(string Kind, IReadOnlyList<SubjectItem> Items);

/// <param name="Item">Names it in a release.</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">Absent where it is withheld.</param>
/// <param name="Withheld">Why: location, reporter, other-people, or restricted, which is not released here.</param>
internal sealed record SubjectItem(string Item, string Name, string? Value, string? Withheld);
