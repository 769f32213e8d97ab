using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Messaging;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>
/// Says what the rules found as one would say it to a colleague. Levels and figures only: no trait of
/// anybody.
/// </summary>
internal static class InWords
{
    internal const string AnotherDoubt = "The records leave a doubt that only a person can settle.";
    internal const string ByReviewer = "A reviewer of your council decided that it is the same child.";
    private const double Negligible = 0.5;

    /// <summary>The same of each person in the evidence of a decision, as it is stored.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(JsonArray evidence, Parameters parameters) =>
        [.. evidence.Deserialize<PersonDecision[]>(HubJson.Options)!.Select(person => Of(person.Outcome, parameters))];

    /// <summary>
    /// Why a council is alerted, from its own part of the decision; null where the evidence is no longer there.
    /// </summary>
    public static IReadOnlyList<string>? OfMatch(Encounter encounter, CouncilPart part, Parameters parameters)
    {
        // Of a restricted child it is said that it matched, and no more.
        if (part.IsRestricted)
            return [];
        List<string> lines =
        [
            .. part.MatchedPersons.SelectMany(person =>
                Of(person.Outcome, parameters, withHome: !part.IsLate(person, encounter))
            ),
        ];
        if (part.ByReviewer)
            lines.Insert(0, ByReviewer);
        return lines is [] ? null : lines;
    }

    /// <summary>Why the rules ask, what each trait says, and what a brother or sister would look like.</summary>
    /// <param name="outcome">What was decided of a person.</param>
    /// <param name="parameters">Of the rules that decided.</param>
    /// <param name="withHome">Whether what traits of the home say may be shown.</param>
    public static IReadOnlyList<string> Of(MatchOutcome outcome, Parameters parameters, bool withHome = true) =>
        Person(outcome, parameters, withHome).Lines;

    /// <summary>The same, part by part.</summary>
    public static PersonInWords Person(MatchOutcome outcome, Parameters parameters, bool withHome = true)
    {
        var evidence = outcome.Evidence;
        return new(
            $"{Percent(evidence.Posterior)} likely to be the same child. "
                + $"{Percent(parameters.Costs.MatchAt)} is needed to alert by itself.",
            outcome is MatchOutcome.NeedsReview review ? [.. review.Reasons.Select(ReasonOf)] : [],
            [
                .. evidence
                    .Traits.Select(Trait)
                    .Concat(NotCompared(evidence))
                    .Where(trait => withHome || !OwnEvidence.IsOfHome(trait.Trait)),
            ],
            evidence.Newborn ? null : Housemate(evidence)
        );
    }

    /// <summary>A probability, never rounded up to certainty nor down to none.</summary>
    public static string Percent(double probability)
    {
        var percent = Math.Floor((decimal)probability * 10_000) / 100;
        return percent switch
        {
            < 0.01m => "less than 0.01 %",
            >= 99.99m when probability < 1 => "more than 99.99 %",
            _ => string.Create(CultureInfo.InvariantCulture, $"{percent:0.##} %"),
        };
    }

    /// <summary>Bits as a factor: "makes it a thousand times likelier".</summary>
    public static string Times(double bits)
    {
        if (Math.Abs(bits) < Negligible)
            return "hardly changes the odds";
        var way = bits > 0 ? "likelier" : "less likely";
        return Math.Abs(bits) < 1.5
            ? $"makes it about {(bits > 0 ? "twice" : "half")} as likely"
            : $"makes it {Rounded(double.Exp2(Math.Abs(bits)))} times {way}";
    }

    private static string Rounded(double times)
    {
        string[] words = ["a thousand", "a million", "a billion", "a trillion"];
        if (times < 950)
        {
            var unit =
                times < 10 ? 1
                : times < 95 ? 10
                : 100;
            return string.Create(CultureInfo.InvariantCulture, $"about {Math.Round(times / unit) * unit:0}");
        }

        var step = Math.Min((int)Math.Floor(Math.Log10(times * 1.05) / 3), words.Length);
        var count = times / Math.Pow(1000, step);
        var digits =
            count < 10 ? 1
            : count < 95 ? 10
            : 100;
        var rounded = Math.Max(1, Math.Round(count / digits) * digits);
        var word = words[step - 1];
        return rounded is 1 ? word : string.Create(CultureInfo.InvariantCulture, $"about {rounded:0} {word[2..]}");
    }

    // A newborn is joined to the plan of an unborn child, which has no number and no name of the child.
    private static IEnumerable<TraitInWords> NotCompared(Evidence evidence) =>
        (
            evidence.Newborn
                ? (string[])["mother", "expectedDate", "postcode", "phone"]
                : ["identifier", "familyName", "givenName", "birthDate", "sex", "postcode", "phone"]
        )
            .Except(evidence.Traits.Select(trait => trait.Trait))
            .Select(trait => new TraitInWords(trait, NameOf(trait), null, "not on both records; it says nothing"));

    private static TraitInWords Trait(TraitEvidence trait) =>
        new(
            trait.Trait,
            NameOf(trait.Trait),
            trait.Relation,
            trait is { Trait: "sex", Relation: Relation.Agrees }
                ? "the same, as for every second child; it says little"
                : $"{LevelOf(trait.Trait, trait.Level) ?? RelationOf(trait.Relation)}; this {Times(trait.Bits)}"
        );

    /// <summary>
    /// A level of the parameters as one would say it; null of one that the rules that come with the service do
    /// not have.
    /// </summary>
    internal static string? LevelOf(string trait, string level) =>
        (trait, level) switch
        {
            ("identifier", "superseded") => "one replaced the other",
            ("identifier", "mothers") => "the mother's, not the child's",
            ("identifier", "housemates") => "that of another child of the same home",
            ("identifier", "oneEdit") => "one digit differs",
            ("identifier", "twoEdits") => "two digits differ",
            ("numberStatus", "verified") => "stated as traced and verified",
            ("numberStatus", "untraced") => "stated as not traced",
            ("numberStatus", "disputed") => "a trace of it found no match, or the details of somebody else",
            ("numberStatus", "verifiedAnothers") => "stated as traced and verified, and it is somebody else's",
            ("numberStatus", "untracedOther") => "the patient's is stated as not traced, so it may be a wrong one",
            ("numberStatus", "disputedOther") =>
                "a trace of the patient's found no match, or the details of somebody else, so it may be a wrong one",
            ("birthDate", "swapped") => "day and month are exchanged",
            ("birthDate", "dayApart") => "one day apart",
            ("birthDate", "oneDigit") => "one digit differs",
            ("birthDate", "twoDigits") => "two digits differ",
            ("birthDate", "twoParts") => "two of day, month and year agree",
            ("birthDate", "yearOnly") => "only the year is known to agree",
            ("birthDate", "generation") => "18 years or more apart, as of a parent and a child",
            ("birthDate", "adult") => "the patient was too old to be a child on such a plan",
            ("birthOrder", "equal") => "the same one of the twins",
            ("birthOrder", "different") => "the other one of the twins",
            ("phone", "housemates") => "the plan has none; it is that of another child of the same home",
            ("phone", "oneEdit") => "one digit differs, as of two telephones of one hostel",
            ("postcode", "sector") => "another street of the same neighbourhood",
            ("postcode", "outcode") => "another street of the same district",
            ("postcode", "farAway") => "100 km or more apart",
            ("mother", "number") => "the same, by her NHS number",
            ("mother", "names") => "the same, by her names",
            ("mother", "givenName") => "the same given name; her family name is not the same",
            ("expectedDate", "inWindow") => "the birth was about then",
            ("expectedDate", "different") => "the birth was not about then",
            (_, "equal") => "the same",
            (_, "swapped") => "the same words, in each other's place",
            (_, "nickname") => "one is short for the other",
            (_, "shared") => "one word is the same",
            (_, "prefix") => "one begins with the other, as short forms do",
            (_, "close") => "spelt nearly the same",
            (_, "likeName") => "spelt nearly the same, but two names of their own",
            (_, "alike") => "spelt somewhat alike",
            (_, "anotherInUse") => "one word is the same, but the name in use is another",
            (_, "initial") => "only an initial to compare, and it agrees",
            (_, "sound") => "they sound alike",
            (_, "oneEdit") => "one character differs",
            (_, "communal") => "the same, but many households have it",
            (_, "different") => "different",
            _ => null,
        };

    // Of another document's levels only how they stand is known.
    private static string RelationOf(Relation relation) =>
        relation switch
        {
            Relation.Agrees => "the same",
            Relation.Close => "alike, not the same",
            _ => "different",
        };

    // What decides most questions: they share the surname, the home and the telephone.
    private static string Housemate(Evidence evidence) =>
        (evidence.Bits - evidence.HousemateBits) switch
        {
            < 1 => "A brother or sister would look just the same on these records.",
            < 7 => "A brother or sister might well look like this on these records.",
            _ => "A brother or sister would seldom look like this on these records.",
        };

    internal static string NameOf(string trait) =>
        trait switch
        {
            "identifier" => "NHS number",
            "numberStatus" => "Status of the NHS number",
            "familyName" => "Family name",
            "givenName" => "Given name",
            "birthDate" => "Birth date",
            "birthOrder" => "Which of twins",
            "sex" => "Sex",
            "postcode" => "Postcode",
            "phone" => "Telephone",
            "mother" => "Mother",
            "expectedDate" => "Expected date of birth",
            "address" => "Address",
            "place" => "Town",
            "email" => "Email address",
            "text" => "Another column",
            _ => trait,
        };

    internal static string ReasonOf(ReviewReason reason) =>
        reason switch
        {
            ReviewReason.Uncertain => "Not likely enough to alert without a person.",
            ReviewReason.RivalTooClose => "Another child of yours fits nearly as well, as twins do.",
            ReviewReason.NumberContradicted =>
                "The number is this child's, but other details are not: perhaps somebody else's number was typed.",
            ReviewReason.NumbersDiffer => "Both records have a valid NHS number, and the two differ.",
            ReviewReason.SexAndBirthDateDiffer => "Both sex and birth date differ.",
            ReviewReason.GivenNameDiffers => "The given names differ, as those of brothers and sisters do.",
            ReviewReason.GivenNameUndecided =>
                "Without the number, a brother, a sister or a twin with a like given name would look the same.",
            ReviewReason.NewbornOfMother =>
                "A newborn, joined to an unborn child's plan through the mother or the home.",
            ReviewReason.BirthDateUndecided =>
                "Without number and birth date, a relative of the same name would look the same.",
            ReviewReason.BirthOrderDiffers => "The records say which of twins it is, and not the same one.",
            ReviewReason.NamesAndBirthDateOnly =>
                "Only names and birth date agree, no number and nothing of the home: two strangers may share these.",
            ReviewReason.NumberDisputed =>
                "The number is this child's, but a trace of it failed, and not all of name, birth date and home agree.",
            _ => AnotherDoubt,
        };
}
