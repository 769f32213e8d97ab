namespace Safeguarding.Contracts.Plans;

/// <summary>Which register a plan is on, as in CP-IS.</summary>
/// <remarks>
/// Source: NHS England value set <c>England-ChildProtectionPlan</c> 1.0.0 (9 November 2023), SNOMED CT.
/// </remarks>
public enum PlanKind
{
    /// <summary>Child protection plan: SNOMED CT 342191000000101.</summary>
    ChildProtection,

    /// <summary>Looked-after child: SNOMED CT 764841000000100.</summary>
    LookedAfter,

    /// <summary>
    /// Unborn child subject to a child protection plan; keyed on the mother: SNOMED CT 818901000000100.
    /// </summary>
    Unborn,
}

/// <summary>SNOMED CT codes of the plan kinds.</summary>
/// <remarks>Source: NHS England value set <c>England-ChildProtectionPlan</c> 1.0.0 (9 November 2023).</remarks>
public static class PlanKindCodes
{
    /// <summary>The code system's URI.</summary>
    public const string System = "http://snomed.info/sct";

    /// <summary>The SNOMED CT concept of a plan kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a plan kind.</exception>
    public static string ToSnomed(this PlanKind kind) =>
        kind switch
        {
            PlanKind.ChildProtection => "342191000000101",
            PlanKind.LookedAfter => "764841000000100",
            PlanKind.Unborn => "818901000000100",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    /// <summary>
    /// The plan kind of a SNOMED CT concept; false for any other concept, such as "family member subject of
    /// plan" (375041000000100).
    /// </summary>
    public static bool TryFromSnomed(string? code, out PlanKind kind)
    {
        (var found, kind) = code switch
        {
            "342191000000101" => (true, PlanKind.ChildProtection),
            "764841000000100" => (true, PlanKind.LookedAfter),
            "818901000000100" => (true, PlanKind.Unborn),
            _ => (false, default),
        };
        return found;
    }
}
