using Safeguarding.Portal.Matching;
using Safeguarding.Portal.PlanRegistry;

namespace Safeguarding.Portal.Words;

/// <summary>What the fields of a review are in the words of a reviewer.</summary>
internal static class ReviewWords
{
    /// <summary>In the order in which a reviewer looks: what speaks against first.</summary>
    public static readonly (Relation? Relation, string Text)[] Groups =
    [
        (Relation.Differs, "What differs"),
        (Relation.Close, "What is alike, but not the same"),
        (Relation.Agrees, "What agrees"),
        (null, "What is missing from one of the records, or both"),
    ];

    /// <summary>As the due time has it: where the same child is likelier than not, sooner.</summary>
    public static string Likely(double? posterior) =>
        posterior is null ? "Not shown"
        : posterior >= 0.5 ? "Likelier this child than not"
        : "Likelier somebody else";

    /// <summary>By when a question should be decided; the day alone where it is withheld.</summary>
    public static string Due(ReviewView review, DateTimeOffset now) =>
        review.Withheld ? UkTimes.DayInWords(review.DueAt, now) : UkTimes.WithoutZone(review.DueAt, now);

    /// <summary>The plans in question, by the council's own references.</summary>
    public static string Plans(ReviewView review) =>
        review.Plans is { Count: > 0 }
            ? string.Join(", ", review.Plans.Select(plan => plan.Reference))
            : "a plan that is deleted";

    public static string Kind(Matching.PlanKind kind) => AlertWords.Kind(As<Notification.PlanKind>(kind));

    public static string Setting(Matching.CareSetting setting) =>
        AlertWords.Setting(As<Notification.CareSetting>(setting));

    public static string Status(Matching.EncounterStatus status) =>
        AlertWords.Status(As<Notification.EncounterStatus>(status));

    public static string Age(int? years) =>
        years switch
        {
            null => "not known",
            0 => "under 1 year",
            1 => "1 year",
            _ => $"{years} years",
        };

    public static string Verdict(ReviewVerdict? verdict) =>
        verdict switch
        {
            ReviewVerdict.SameChild => "same child",
            ReviewVerdict.NotThisChild => "not this child",
            ReviewVerdict.CannotTell => "cannot tell",
            _ => "not shown while a second opinion is asked for",
        };

    /// <summary>With a capital letter, where it stands alone.</summary>
    public static string Capital(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}";

    /// <summary>What becomes of it, once it is decided.</summary>
    public static string Outcome(ReviewVerdict verdict) =>
        verdict switch
        {
            ReviewVerdict.SameChild => "The alert is raised. Your council’s duty desk has it within seconds.",
            ReviewVerdict.NotThisChild =>
                "No alert is sent. The same patient is not asked about again while the plan stays as it is.",
            _ => "No alert is sent.",
        };

    /// <summary>What happened, of a line of the history.</summary>
    public static string Happened(GetReviewEntry entry) =>
        entry.Action switch
        {
            ReviewAction.Opinion => $"Second opinion asked for. First opinion: {Verdict(entry.Verdict)}",
            ReviewAction.Decided => $"Decided: {Verdict(entry.Verdict)}",
            ReviewAction.Undone => "Decision taken back",
            ReviewAction.Escalated => "Overdue with nobody on it",
            _ => "Settled by newer matching rules",
        };

    /// <summary>What a plan says of a trait, for the place beside the patient's; null where it says nothing.</summary>
    public static string? OnPlan(PlanView plan, string trait)
    {
        var person = plan.Subject;
        var said = trait switch
        {
            "identifier" => NhsNumber(person),
            "familyName" => Joined(person.Names?.Select(name => name.Family)),
            "givenName" => Joined(person.Names?.Select(Given)),
            "birthDate" => DateOnly.TryParse(person.BirthDate, out var born) ? UkTimes.Date(born) : null,
            "sex" => person.Sex,
            "postcode" => Joined(
                person.Postcodes?.Select(one => one.Former ? $"{one.Postcode} (former)" : one.Postcode)
            ),
            "phone" => Joined(person.Phones),
            // A plan of an unborn child is kept under the mother.
            "mother" => (plan.Mother ?? person) is var mother
                ? Joined([.. mother.Names?.Select(name => $"{Given(name)} {name.Family}") ?? [], NhsNumber(mother)])
                : null,
            "expectedDate" => plan.ExpectedDate is { } expected
                ? UkTimes.Date(DateOnly.FromDateTime(expected.Date))
                : null,
            _ => null,
        };
        return said is [] ? null : said;
    }

    private static string? NhsNumber(PersonDocument person) =>
        person.Identifier switch
        {
            { NhsNumber: { Length: 10 } number } => $"{number[..3]} {number[3..6]} {number[6..]}",
            { State: "withheld" } => "withheld",
            _ => null,
        };

    private static string Given(NameDocument name) => string.Join(' ', name.Given ?? []);

    private static string Joined(IEnumerable<string?>? values) =>
        string.Join(", ", (values ?? []).Where(value => !string.IsNullOrWhiteSpace(value)).Distinct());

    // Each service's document names the shared kinds, settings and states alike.
    private static T As<T>(Enum one)
        where T : struct, Enum => Enum.Parse<T>(one.ToString());
}
