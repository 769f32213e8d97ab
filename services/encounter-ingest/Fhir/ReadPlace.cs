namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>At which site of which organisation the encounter takes place.</summary>
internal static class ReadPlace
{
    public static (string? OrganisationName, string? SiteOds) Read(FhirElement encounter, FhirDocument document, string organisation, Findings findings)
    {
        var provider = encounter.Child("serviceProvider");
        if (provider?.Child("identifier") is { } own && own.Text("system") == Codes.OdsOrganisation
            && !string.Equals(own.Text("value"), organisation, StringComparison.OrdinalIgnoreCase))
        {
            // Shared systems do this. The token is what was proved.
            findings.Warn(IssueKind.OrganisationDiffers, own);
            provider = null;
        }

        var name = provider?.Text("display") is { Length: <= 100 } display && KeptText.IsAllowed(display) ? display : null;
        var site = encounter.All("location")
            // Where the patient is now, before where it was.
            .OrderByDescending(location => location.Text("status") is null or "active")
            .Select(location => location.Child("location"))
            .Select(reference => Ods(reference, encounter, document, findings))
            .FirstOrDefault(ods => ods is not null);
        return (name, site ?? SiteOf(provider, findings));
    }

    private static string? Ods(FhirElement? reference, FhirElement encounter, FhirDocument document, Findings findings)
    {
        if (reference is null)
            return null;
        var location = document.Resolve(reference, encounter);
        var identifiers = reference.All("identifier").Concat(location?.All("identifier") ?? []);
        return Site(identifiers.FirstOrDefault(IsOds), findings);
    }

    private static string? SiteOf(FhirElement? provider, Findings findings) =>
        provider?.Child("identifier") is { } identifier && identifier.Text("system") == Codes.OdsSite ? Site(identifier, findings) : null;

    private static bool IsOds(FhirElement identifier) => identifier.Text("system") is Codes.OdsSite or Codes.OdsOrganisation;

    private static string? Site(FhirElement? identifier, Findings findings)
    {
        if (identifier?.Text("value")?.Trim() is not { } code)
            return null;
        if (IsOdsCode(code))
            return code.ToUpperInvariant();
        // Where a child is helps the council, but not knowing it must not keep the encounter from it.
        findings.Warn(IssueKind.OdsCodeInvalid, identifier);
        return null;
    }

    public static bool IsOdsCode(string code) => code.Length is >= 3 and <= 12 && code.All(char.IsAsciiLetterOrDigit);
}
