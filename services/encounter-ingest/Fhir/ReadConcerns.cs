namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// Safeguarding concerns that came with the encounter, as Flags of the category SG. Codes only; what a Flag
/// says in words is not kept.
/// </summary>
internal static class ReadConcerns
{
    private static readonly AboutPatients Kind = new("Flag", IsSafeguarding, "subject", "encounter");

    public static IReadOnlyList<string> Read(
        FhirElement encounter,
        Subject subject,
        FhirDocument document,
        DateTimeOffset now,
        Issues issues
    )
    {
        List<string>? concerns = null;
        foreach (var flag in document.About(Kind, encounter, subject, now))
        {
            if (!IsOf(encounter, subject, flag, document, now))
                continue;
            document.Use(flag);
            document.Check(flag, issues);
            if (flag.Text("status") is "inactive" or "entered-in-error")
                continue;
            if (document.Once(flag, Code) is not { } code)
                issues.Warn(IssueKind.ConcernPassedOver, flag);
            else if (concerns is null || (!concerns.Contains(code) && concerns.Count < Limits.KeptRepeats))
                (concerns ??= []).Add(code);
        }

        foreach (var flag in document.Contained(encounter, Kind))
        {
            if (IsOfNobody(flag, document))
                issues.Warn(IssueKind.ConcernPassedOver, flag);
        }

        return concerns ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Whether a concern is about no patient whose encounter was read.</summary>
    public static bool IsOfNobody(FhirElement flag, FhirDocument document) =>
        flag.ResourceType == "Flag" && IsSafeguarding(flag) && !document.IsUsed(flag);

    private static bool IsSafeguarding(FhirElement flag) =>
        flag.All("category").SelectMany(category => category.All("coding")).Any(coding => coding.Text("code") == "SG");

    // Another visit of the same child has its own concerns; a concern about no named person belongs to no patient.
    private static bool IsOf(
        FhirElement encounter,
        Subject subject,
        FhirElement flag,
        FhirDocument document,
        DateTimeOffset now
    )
    {
        var about = document.Resolve(flag.Child("encounter")).Resource;
        return flag.Child("subject") is { } patient
            ? subject.IsMeantBy(patient, document, now) && (about is null || about == encounter)
            : about == encounter;
    }

    private static readonly Func<FhirElement, string?> Code = flag =>
        (flag.Child("code")?.All("coding") ?? []).Select(coding => coding.Text("code")).FirstOrDefault(IsCode);

    // SNOMED CT (6 to 18 digits) and the few letters of BaRS.
    private static bool IsCode(string? code) =>
        code is { Length: >= 1 and <= 18 } && code.All(char.IsAsciiLetterOrDigit);
}
