using Safeguarding.Hosting.Access;

namespace Safeguarding.PlanRegistry.Domain.Lookups;

/// <summary>What a look-up is for, and whether it is silent; or why it may not be made.</summary>
internal abstract record LookupDecision
{
    private LookupDecision() { }

    /// <param name="Kind">Whether the council is notified.</param>
    /// <param name="Organisation">The caller's.</param>
    /// <param name="Purpose">What it is for.</param>
    /// <param name="PurposeAsSaid">The same as the caller says it.</param>
    /// <param name="Reason">Why the glass is broken; null where it is not.</param>
    public sealed record Allowed(
        LookupKind Kind,
        OrganisationKind Organisation,
        Purpose Purpose,
        string PurposeAsSaid,
        string? Reason = null
    ) : LookupDecision;

    public sealed record Refused(LookupError Error) : LookupDecision;
}

/// <summary>Why a look-up is not made.</summary>
/// <param name="Forbidden">Whether the role may not, however it is asked.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Field">The field at fault, as the body names it.</param>
/// <param name="Detail">Plain words.</param>
internal sealed record LookupError(bool Forbidden, string Code, string Field, string Detail);

/// <summary>
/// Decides whether a person may make this look-up, by role and purpose. Pure. That the role may look children up at
/// all, and how surely the person signed in, is decided before (<see cref="Safeguarding.Hosting.Access"/>).
/// </summary>
internal static class DecideLookup
{
    public const string DirectCare = "direct-care";
    public const string ChildProtection = "child-protection";

    /// <summary>Neither of the others: the person goes on with a reason, and a privacy officer judges it.</summary>
    public const string BreakGlass = "break-glass";

    private const string BreakGlassScope = "breakglass.use";
    private const int ShortestReason = 10;
    private const int LongestReason = 500;

    /// <summary>Absent means unscheduled, as in CP-IS, but for a role that makes scheduled look-ups alone.</summary>
    public static LookupDecision Decide(Caller caller, bool? scheduled, string? purpose, string? reason = null)
    {
        if (
            caller.Person is not { } person
            || OrganisationKinds.Of(caller.Organisation) is not { } organisation
            || HubRoles.Find(person.Role, organisation) is not { Lookups: { Count: > 0 } kinds }
        )
        {
            return Refuse(true, "role-makes-no-lookups", "", "Your role makes no look-ups.");
        }

        var kind = scheduled switch
        {
            true => LookupKind.Scheduled,
            false => LookupKind.Unscheduled,
            null => kinds.Contains(LookupKind.Unscheduled) ? LookupKind.Unscheduled : LookupKind.Scheduled,
        };
        if (!kinds.Contains(kind))
        {
            return Refuse(
                true,
                "lookup-kind-not-allowed",
                "scheduled",
                kind is LookupKind.Scheduled
                    ? "Your role makes unscheduled look-ups only: they notify the council."
                    : "Your role makes scheduled look-ups only: they notify nobody."
            );
        }

        if (purpose == BreakGlass)
            return WithReason(caller, organisation, kind, reason?.Trim());
        if (reason is not null)
        {
            return Refuse(
                false,
                "reason-not-expected",
                "reason",
                "A reason goes with the purpose break-glass alone; other purposes need none."
            );
        }

        var purposes = DecideDisclosure.OrdinaryLookups(organisation).ToDictionary(Word);
        return purpose is not null && purposes.TryGetValue(purpose, out var meant)
            ? new LookupDecision.Allowed(kind, organisation, meant, purpose)
            : Refuse(
                false,
                purpose is null ? "purpose-missing" : "purpose-unknown",
                "purpose",
                $"Say what the look-up is for: {string.Join(" or ", purposes.Keys)}."
            );
    }

    private static string Word(Purpose purpose) => purpose is Purpose.DirectCare ? DirectCare : ChildProtection;

    private static LookupDecision WithReason(
        Caller caller,
        OrganisationKind organisation,
        LookupKind kind,
        string? reason
    )
    {
        if (!caller.Scopes.Contains(BreakGlassScope))
            return Refuse(true, "break-glass-not-allowed", "purpose", "Your role cannot use break-glass.");
        if (kind is LookupKind.Scheduled)
        {
            return Refuse(
                false,
                "break-glass-not-silent",
                "scheduled",
                "A look-up with break-glass notifies the council: leave scheduled out."
            );
        }

        return reason is { Length: >= ShortestReason and <= LongestReason }
            ? new LookupDecision.Allowed(kind, organisation, Purpose.BreakGlass, BreakGlass, reason)
            : Refuse(
                false,
                string.IsNullOrEmpty(reason) ? "reason-missing" : "reason-unusable",
                "reason",
                "Say in 10 to 500 characters why you need to look. A privacy officer of your organisation reads it."
            );
    }

    private static LookupDecision.Refused Refuse(bool forbidden, string code, string field, string detail) =>
        new(new LookupError(forbidden, code, field, detail));
}
