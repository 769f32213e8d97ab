using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>A person's NHS number among the identifiers: known, unknown or withheld. A sender says the latter two with data-absent-reason.</summary>
internal static class ReadNhsNumber
{
    /// <returns>Null where no identifier is an NHS number, and where one is refused.</returns>
    public static PersonIdentifier? Read(IEnumerable<FhirElement> identifiers, DateTimeOffset now, Findings findings)
    {
        PersonIdentifier? found = null;
        foreach (var identifier in identifiers)
        {
            if (!Codes.IsNhsNumberSystem(identifier.Text("system")) || identifier.Text("use") == "old" || FhirTime.HasEnded(identifier, now))
                continue;
            if (One(identifier, findings) is not { } state)
                continue;
            if (found is PersonIdentifier.Known && state is PersonIdentifier.Known && found != state)
                findings.Refuse(IssueKind.NhsNumberConflict, identifier.Child("value"));
            if (found is not PersonIdentifier.Known)
                found = state;
        }

        return found;
    }

    private static PersonIdentifier? One(FhirElement identifier, Findings findings)
    {
        if (identifier.Text("value") is { } text)
        {
            if (NhsNumber.TryParse(text, out var number))
                return new PersonIdentifier.Known(number);
            findings.Refuse(IssueKind.NhsNumberInvalid, identifier.Child("value"));
            return null;
        }

        var reason = (identifier.Extension(Codes.DataAbsentReason) ?? identifier.Child("value")?.Extension(Codes.DataAbsentReason))?.Text("valueCode");
        if (reason is not null)
            return Codes.IsWithheld(reason) ? new PersonIdentifier.Withheld() : new PersonIdentifier.Unknown();
        findings.Refuse(IssueKind.NhsNumberEmpty, identifier);
        return null;
    }
}
