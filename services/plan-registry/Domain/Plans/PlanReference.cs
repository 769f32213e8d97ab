using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>
/// The council's own reference of a plan: stands in URLs and reports, so it must not be personal
/// data.
/// </summary>
internal static partial class PlanReference
{
    public const int Longest = 64;

    public static string? Read(string? raw, ValidationErrors errors)
    {
        var text = TypedText.Value(raw);
        if (string.IsNullOrEmpty(text))
        {
            errors.Add(
                PlanField.Reference,
                "reference-missing",
                "Every plan needs your own reference, so that it can be amended and ended later."
            );
            return null;
        }

        if (text.Length > Longest || !char.IsAsciiLetterOrDigit(text[0]) || !text.All(IsAllowed))
        {
            errors.Add(
                PlanField.Reference,
                "reference-format",
                $"A reference has at most {Longest} characters: letters A to Z, digits and . _ - : / only, and "
                    + "begins with a letter or digit."
            );
            return null;
        }

        // References stand in URLs and in plain columns, where no NHS number may ever be.
        if (!NhsNumber.TryParse(text, out _))
            return text;
        RefuseNumber(errors);
        return null;
    }

    /// <summary>
    /// Refuses a reference that holds the NHS number of who the plan is about, and warns of one that gives them away in
    /// another way.
    /// </summary>
    /// <param name="reference">As <see cref="Read"/> gave it.</param>
    /// <param name="subject">Who the plan is about, with the mother.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static void Compare(string reference, PersonTraits subject, ValidationErrors errors)
    {
        PersonTraits[] persons = subject.Mother is { } mother ? [subject, mother] : [subject];
        var digits = string.Concat(reference.Where(char.IsAsciiDigit));
        if (
            persons.Any(person =>
                person.Identifier.NhsNumber is { IsNobodys: false } number
                && digits.Contains(number.Reveal(), StringComparison.Ordinal)
            )
        )
        {
            RefuseNumber(errors);
            return;
        }

        if (AnyNumber(reference))
        {
            errors.Warn(
                PlanField.Reference,
                "reference-like-nhs-number",
                "Part of this reads as an NHS number. If it is one, give the plan another reference: references "
                    + "stand in web addresses and reports."
            );
        }

        if (LettersOnlyAsNames(reference) || persons.SelectMany(Names).Any(name => Holds(reference, name)))
        {
            errors.Warn(
                PlanField.Reference,
                "reference-reads-as-name",
                "This reads as a name. References stand in web addresses and reports, so they must not say who the "
                    + "plan is about: give the plan another one."
            );
        }

        if (persons.Any(person => person.BirthDate is { } born && Holds(reference, born)))
        {
            errors.Warn(
                PlanField.Reference,
                "reference-has-birth-date",
                "This holds the date of birth. References stand in web addresses and reports, so they must not say "
                    + "who the plan is about: give the plan another one."
            );
        }
    }

    private static void RefuseNumber(ValidationErrors errors) =>
        errors.Add(
            PlanField.Reference,
            "reference-is-nhs-number",
            "This reads as an NHS number, or holds that of the person. Use a reference of your own that identifies "
                + "the plan and nobody else knows."
        );

    private static bool AnyNumber(string reference) =>
        TenDigits()
            .Matches(reference)
            .Any(match =>
                NhsNumber.TryParse(string.Concat(match.Value.Where(char.IsAsciiDigit)), out var number)
                && !number.IsNobodys
            );

    // "Smith-Jayden" is two words and no digit; "CP-2026-17" and "child17" are not.
    private static bool LettersOnlyAsNames(string reference) =>
        !reference.Any(char.IsAsciiDigit) && Words(reference).Count(word => word.Length >= ShortestWord) > 1;

    // A short name is found as a word only: "Ali" is in "quality".
    private static bool Holds(string reference, string name) =>
        name.Length >= ShortestPart
            ? string.Concat(Words(reference)).Contains(name, StringComparison.Ordinal)
            : name.Length >= ShortestWord && Words(reference).Contains(name);

    private static bool Holds(string reference, DateOnly born)
    {
        // Six digits stand for too much else within a longer number.
        var digits = string.Concat(reference.Where(char.IsAsciiDigit));
        return EightDigits.Any(form => digits.Contains(Text(form), StringComparison.Ordinal))
            || SixDigits.Any(form => DigitRuns().Matches(reference).Any(run => Plain(run.Value) == Text(form)));

        string Text(string form) => born.ToString(form, CultureInfo.InvariantCulture);

        static string Plain(string run) => string.Concat(run.Where(char.IsAsciiDigit));
    }

    private static IEnumerable<string> Names(PersonTraits person) =>
        person.Names.SelectMany(name => name.Given.Append(name.Family)).OfType<string>().SelectMany(Words).Distinct();

    private static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD).ToUpperInvariant())
        {
            if (char.IsAsciiLetter(c))
                word.Append(c);
            // O'Brien is OBRIEN in a reference, and an accent is left out.
            else if (c is not ('\'' or '\u2019') && char.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                End();
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    private const int ShortestWord = 3;
    private const int ShortestPart = 4;
    private static readonly string[] EightDigits = ["yyyyMMdd", "ddMMyyyy"];
    private static readonly string[] SixDigits = ["yyMMdd", "ddMMyy"];

    [GeneratedRegex(@"(?<![0-9])[0-9]{3}([-._:/]?)[0-9]{3}\1[0-9]{4}(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex TenDigits();

    [GeneratedRegex(@"[0-9]+([-._:/][0-9]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex DigitRuns();

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '/';
}
