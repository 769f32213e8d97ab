using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// A person's NHS number among the identifiers: known, unknown or withheld. A sender says the latter two with
/// data-absent-reason. A number that is not valid is not used: name, birth date and address may still find the child.
/// </summary>
internal static class ReadNhsNumber
{
    /// <returns>Null where no identifier is an NHS number that can be used.</returns>
    public static PersonIdentifier? Read(IEnumerable<FhirElement> identifiers, DateTimeOffset now, Issues issues)
    {
        PersonIdentifier? found = null;
        var current = identifiers.Where(one => one.Text("use") != "old" && !FhirTime.HasEnded(one, now)).ToList();
        foreach (var identifier in current.Where(one => Codes.SystemOf(one) == NumberSystem.NhsNumber))
        {
            if (One(identifier, issues) is not { } state)
                continue;
            if (found is PersonIdentifier.Known && state is PersonIdentifier.Known && found != state)
                issues.Refuse(IssueKind.NhsNumberConflict, ValueOf(identifier));
            if (found is not PersonIdentifier.Known)
                found = state;
        }

        // What is an NHS number by its name alone counts where it can be nothing else, and never against one that says
        // what it is.
        var named = current.Where(one => Codes.SystemOf(one) == NumberSystem.NamedSo).ToList();
        var numbers = named.Select(Valid).OfType<NhsNumber>().Distinct().ToList();
        if (found is null && numbers is [var only])
            return new PersonIdentifier.Known(only);
        if (found is null && numbers.Count > 1)
            issues.Refuse(IssueKind.NhsNumberConflict, ValueOf(named[^1]));
        foreach (var identifier in named)
        {
            if (
                found is PersonIdentifier.Known(var known)
                    ? Valid(identifier) != known
                    : Valid(identifier) is null || found is not null
            )
            {
                issues.Warn(IssueKind.NhsNumberPassedOver, ValueOf(identifier));
            }
        }

        if (found is null)
        {
            foreach (
                var identifier in current.Where(one =>
                    Codes.SystemOf(one) == NumberSystem.Other && Valid(one) is not null
                )
            )
            {
                issues.Warn(IssueKind.NhsNumberSystemUnknown, identifier);
            }
        }

        return found;
    }

    /// <summary>
    /// How far the number was traced, by the identifiers that have it. Where they state a code that is none, or
    /// different ones, nothing is stated: the encounter is not lost for it.
    /// </summary>
    public static NhsNumberStatus? StatusOf(
        NhsNumber? number,
        IEnumerable<FhirElement> identifiers,
        DateTimeOffset now,
        Issues issues
    )
    {
        NhsNumberStatus? found = null;
        foreach (var identifier in identifiers)
        {
            if (
                number is null
                || !IsOne(identifier)
                || identifier.Text("use") == "old"
                || FhirTime.HasEnded(identifier, now)
                || Valid(identifier) != number
                || identifier.Extension(Codes.NhsNumberVerificationStatus) is not { } extension
            )
            {
                continue;
            }

            var codings = (extension.Child("valueCodeableConcept")?.All("coding") ?? []).ToList();
            var coding = codings.Find(Codes.IsOfNumberStatus) ?? (codings is [var only] ? only : null);
            var status = coding is null ? null : Codes.NumberStatus(coding);
            if (status is null || (found is not null && status != found))
            {
                issues.Warn(IssueKind.NhsNumberStatusUnknown, coding?.Child("code") ?? extension);
                return null;
            }

            found = status;
        }

        return found;
    }

    /// <summary>The one NHS number among identifiers; null where there is none or more.</summary>
    public static NhsNumber? Only(IEnumerable<FhirElement> identifiers, DateTimeOffset now)
    {
        var issues = new Issues();
        var number = Read(identifiers, now, issues)?.NhsNumber;
        return issues.Refused ? null : number;
    }

    /// <summary>Whether an identifier is meant as an NHS number, whatever its value.</summary>
    public static bool IsOne(FhirElement identifier) => Codes.SystemOf(identifier) != NumberSystem.Other;

    /// <summary>The identifier's value as an NHS number; blanks and hyphens between the digits are people's.</summary>
    public static NhsNumber? Valid(FhirElement identifier) =>
        identifier.Text("value") is { Length: <= 40 } text
        && NhsNumber.TryParse(
            string.Concat(
                text.Where(character =>
                    !char.IsWhiteSpace(character)
                    && char.GetUnicodeCategory(character)
                        is not (
                            System.Globalization.UnicodeCategory.DashPunctuation
                            or System.Globalization.UnicodeCategory.Format
                        )
                )
            ),
            out var number
        )
            ? number
            : null;

    public static bool SaysWhy(FhirElement identifier) => Reason(identifier) is not null;

    private static PersonIdentifier? One(FhirElement identifier, Issues issues)
    {
        if (Valid(identifier) is { } number)
            return new PersonIdentifier.Known(number);
        if (identifier.Text("value") is null && Reason(identifier) is { } reason)
            return Codes.IsWithheld(reason) ? new PersonIdentifier.Withheld() : new PersonIdentifier.Unknown();
        issues.Warn(IssueKind.NhsNumberPassedOver, ValueOf(identifier));
        return null;
    }

    private static string? Reason(FhirElement identifier) =>
        (
            identifier.Extension(Codes.DataAbsentReason) ?? identifier.Child("value")?.Extension(Codes.DataAbsentReason)
        )?.Text("valueCode");

    // One read from a condition stands in the reference itself.
    public static FhirElement ValueOf(FhirElement identifier) =>
        identifier.Name == "reference" ? identifier : identifier.Child("value") ?? identifier;
}
