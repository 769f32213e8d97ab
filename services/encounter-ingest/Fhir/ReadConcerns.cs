namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>Safeguarding concerns that came with the encounter, as Flags of the category SG. Codes only; what a Flag says in words is not kept.</summary>
internal static class ReadConcerns
{
    public static IReadOnlyList<string> Read(FhirElement encounter, FhirDocument document, Findings findings)
    {
        List<string>? concerns = null;
        foreach (var flag in document.ResourcesFor(encounter, "Flag"))
        {
            if (!IsSafeguarding(flag) || !IsOf(encounter, flag, document))
                continue;
            CheckKept.Resource(flag, document.FromXml, findings);
            if (flag.Text("status") is "inactive" or "entered-in-error")
                continue;
            var codings = flag.Child("code")?.All("coding") ?? [];
            var code = codings.Select(coding => coding.Text("code")).FirstOrDefault(IsCode);
            if (code is null)
                findings.Warn(IssueKind.ConcernPassedOver, flag);
            else if (concerns is null || (!concerns.Contains(code) && concerns.Count < Limits.KeptRepeats))
                (concerns ??= []).Add(code);
        }

        return concerns ?? (IReadOnlyList<string>)[];
    }

    private static bool IsSafeguarding(FhirElement flag) =>
        flag.All("category").SelectMany(category => category.All("coding")).Any(coding => coding.Text("code") == "SG");

    private static bool IsOf(FhirElement encounter, FhirElement flag, FhirDocument document)
    {
        if (flag.Child("encounter") is { } about && document.Resolve(about, encounter) is { } other)
            return ReferenceEquals(other, encounter);
        var patient = encounter.Child("subject") is { } subject ? document.Resolve(subject, encounter) : null;
        return flag.Child("subject") is not { } of || document.Resolve(of, encounter) is not { } person || patient is null || ReferenceEquals(person, patient);
    }

    // SNOMED CT (6 to 18 digits) and the few letters of BaRS.
    private static bool IsCode(string? code) => code is { Length: >= 1 and <= 18 } && code.All(char.IsAsciiLetterOrDigit);
}
