using Safeguarding.Contracts;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Hours;
using Safeguarding.PlanRegistry.Domain.Councils;
using Safeguarding.PlanRegistry.Domain.Lookups;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Plans;

namespace Safeguarding.PlanRegistry.Lookups;

/// <summary>What a look-up found. Without a plan it is the ordinary answer that there is none.</summary>
/// <param name="Recorded">
/// <c>unscheduled</c>: the councils of running plans are notified, and it joins the history. <c>scheduled</c>: neither.
/// Both are in the audit.
/// </param>
/// <param name="At">When.</param>
/// <param name="Plans">Those of all councils, also those that ended in the last 12 months.</param>
/// <param name="Possible">
/// By traits only: councils that have a plan of a child like this. Whether it is the child, the traits do not tell:
/// ring.
/// </param>
/// <param name="Accesses">
/// The 25 latest unscheduled look-ups of this child, newest first; repeats of a viewer within 24 hours once. Empty for
/// others than trusts, and of a restricted child.
/// </param>
/// <param name="BreakGlass">Absent where the purpose was another.</param>
internal sealed record LookupAnswer(
    LookupKind Recorded,
    DateTimeOffset At,
    IReadOnlyList<FoundPlan> Plans,
    IReadOnlyList<PossibleCouncil> Possible,
    IReadOnlyList<LookupAccess> Accesses,
    BreakGlassAnswer? BreakGlass
);

/// <summary>The use of break-glass that this look-up belongs to.</summary>
/// <param name="UseId">For the colleague who confirms it: <c>POST /break-glass/{id}/second</c>.</param>
/// <param name="Until">Until then the same person looks this child up again in the same use.</param>
/// <param name="Seconded">Somebody has confirmed it.</param>
internal sealed record BreakGlassAnswer(Guid UseId, DateTimeOffset Until, bool Seconded);

/// <summary>A plan that was found.</summary>
/// <param name="Restricted">A council has restricted a plan of this child: ring, and say nothing of it to
/// others.</param>
/// <param name="Kind"><c>child-protection</c>, <c>looked-after</c> or <c>unborn</c> (the mother's number was looked
/// up); absent where it is not for you.</param>
/// <param name="KindCode">The same in SNOMED CT.</param>
/// <param name="Status"><c>running</c> or <c>ended</c>; absent where it is not for you.</param>
/// <param name="StartDate">Absent where it is not for you.</param>
/// <param name="EndDate">Absent while it runs, and where it is not for you.</param>
/// <param name="Council">Whose plan it is.</param>
/// <param name="Ring">Whom to ring now; absent where the council has given no number.</param>
internal sealed record FoundPlan(
    bool Restricted,
    string? Kind,
    string? KindCode,
    string? Status,
    DateOnly? StartDate,
    DateOnly? EndDate,
    FoundCouncil Council,
    LineToRing? Ring
)
{
    public static FoundPlan Of(
        Plan plan,
        Extent extent,
        bool restricted,
        Council? council,
        BankHolidays england,
        DateTimeOffset now
    )
    {
        var shown = extent is Extent.Whole;
        return new FoundPlan(
            restricted,
            shown ? PlanView.Word(plan.Kind) : null,
            shown ? plan.Kind.ToSnomed() : null,
            shown ? (plan.EndDate is null ? "running" : "ended") : null,
            shown ? plan.StartDate : null,
            shown ? plan.EndDate : null,
            FoundCouncil.Of(plan.CouncilCode, council),
            LineToRing.Of(council, england, now)
        );
    }
}

/// <summary>A council that may have a plan of the child.</summary>
/// <param name="Council">Which.</param>
/// <param name="Ring">Whom to ring now; absent where the council has given no number.</param>
internal sealed record PossibleCouncil(FoundCouncil Council, LineToRing? Ring)
{
    public static PossibleCouncil Of(string code, Council? council, BankHolidays england, DateTimeOffset now) =>
        new(FoundCouncil.Of(code, council), LineToRing.Of(council, england, now));
}

/// <summary>A council and its two numbers; the code alone where it has given no contacts.</summary>
internal sealed record FoundCouncil(string Code, string? Name, string? OfficePhone, string? EmergencyDutyPhone)
{
    public static FoundCouncil Of(string code, Council? council) =>
        new(code, council?.Name, council?.OfficePhone, council?.EmergencyDutyPhone);
}

/// <summary>The number to ring now, by the council's own hours.</summary>
/// <param name="Line"><c>office</c> or <c>emergency-duty-team</c>.</param>
/// <param name="Phone">Its number.</param>
internal sealed record LineToRing(string Line, string Phone)
{
    public static LineToRing? Of(Council? council, BankHolidays england, DateTimeOffset now) =>
        council is null ? null
        : OfficeDay.IsOpen(new CouncilCalendar(council.OfficeHours, council.BankHolidays), england, now)
            ? new LineToRing("office", council.OfficePhone)
        : new LineToRing("emergency-duty-team", council.EmergencyDutyPhone);
}

/// <summary>Who looked this child up before.</summary>
/// <param name="At">When.</param>
/// <param name="Organisation">ODS, GSS or force code.</param>
/// <param name="Role">The person's role there.</param>
internal sealed record LookupAccess(DateTimeOffset At, string Organisation, string Role);
