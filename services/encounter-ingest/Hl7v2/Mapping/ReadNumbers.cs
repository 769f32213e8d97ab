using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Hl7v2.Messages;

namespace Safeguarding.EncounterIngest.Hl7v2.Mapping;

/// <summary>NHS numbers and local numbers among identifiers (CX), and how far a number was traced.</summary>
internal static class ReadNumbers
{
    private const int MostIdentifiers = 100;

    /// <summary>
    /// The one NHS number among lists of identifiers. Two different ones are none: the patient is matched by name,
    /// birth date and place. One that is not valid is as if it had not been sent.
    /// </summary>
    public static Said<PersonIdentifier> Nhs(IEnumerable<Field> identifiers, string path, Issues issues)
    {
        var numbers = new HashSet<NhsNumber>();
        var isDeleted = false;
        foreach (var identifier in identifiers.Take(MostIdentifiers).Where(IsNhs))
        {
            if (identifier.Component(1).IsNull)
                isDeleted = true;
            else if (Valid(identifier.Component(1).Text) is { } number)
                numbers.Add(number);
            else if (identifier.Component(1).Text is not null)
                issues.Warn(IssueKind.NhsNumberPassedOver, path);
        }

        if (numbers.Count > 1)
        {
            issues.Warn(IssueKind.NhsNumberConflict, path);
            return new PersonIdentifier.Unknown();
        }

        return numbers.Count == 1 ? new PersonIdentifier.Known(numbers.Single())
            : isDeleted ? new PersonIdentifier.Unknown()
            : Said<PersonIdentifier>.Nothing;
    }

    /// <summary>
    /// Table 0445 in PID-32, as <c>NSTS01</c> or <c>01</c>, or in PID-3.5 as <c>NH{status:01}</c>. Different codes for
    /// one number state nothing.
    /// </summary>
    public static Said<NhsNumberStatus?> Status(Segment patient, Issues issues)
    {
        NhsNumberStatus? found = null;
        foreach (var text in Codes(patient))
        {
            var code = text.StartsWith("NSTS", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
            // The field has codes of other things too: whether the birth date, the address or the name is a guess.
            if (code is not [>= '0' and <= '9', ..])
                continue;
            var status = NhsNumberStatusCode.Read(code);
            if (status is null || (found is not null && found != status))
            {
                issues.Warn(IssueKind.NhsNumberStatusUnknown, "PID-32");
                return Said<NhsNumberStatus?>.Nothing;
            }

            found = status;
        }

        return found is null ? Said<NhsNumberStatus?>.Nothing : new Said<NhsNumberStatus?>(true, found);
    }

    /// <summary>The trust's own numbers of a patient: with their issuer they find earlier encounters.</summary>
    public static IReadOnlyList<string> Local(IEnumerable<Field> identifiers) =>
        [
            .. identifiers
                .Take(MostIdentifiers)
                .Where(identifier => !IsNhs(identifier) && !IsOtherNational(identifier))
                .Where(identifier => identifier.Component(1).Text is { Length: <= Limits.StoredText })
                .Select(identifier =>
                    $"{identifier.Component(4).Text?.ToUpperInvariant()}\n{identifier.Component(1).Text}"
                )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<string> Codes(Segment patient) =>
        patient[32]
            .Repeats.Select(repeat => repeat.Text)
            .OfType<string>()
            .Concat(
                patient[3]
                    .Repeats.Take(MostIdentifiers)
                    .Select(identifier => identifier.Component(5).Text)
                    .OfType<string>()
                    .Where(type => type.StartsWith("NH{status:", StringComparison.OrdinalIgnoreCase))
                    .Select(type => type[10..].TrimEnd('}'))
            );

    // The authority or the type says that it is an NHS number; never ten digits alone.
    private static bool IsNhs(Field identifier)
    {
        var authority = identifier.Component(4).Text?.ToUpperInvariant();
        var type = identifier.Component(5).Text?.ToUpperInvariant();
        return !IsOtherNational(identifier)
            && (
                authority is "NHS" or "NHSNMBR" or "NHSNBR"
                || type is "NH" or "HN" or "NHS" or "NHSNMBR" or "NI"
                || type?.StartsWith("NH{", StringComparison.Ordinal) == true
            );
    }

    // Scotland's and Northern Ireland's numbers have ten digits too.
    private static bool IsOtherNational(Field identifier) =>
        identifier.Component(4).Text?.ToUpperInvariant() is "CHI" or "HSNI"
        || identifier.Component(5).Text?.ToUpperInvariant() is "CHI" or "HSNI";

    public static NhsNumber? Valid(string? text) =>
        text is { Length: <= 40 }
        && NhsNumber.TryParse(
            string.Concat(text.Where(letter => letter != '-' && !char.IsWhiteSpace(letter))),
            out var number
        )
            ? number
            : null;
}
