using Safeguarding.PlanRegistry.Domain.BreakGlass;

namespace Safeguarding.PlanRegistry.BreakGlass;

/// <summary>A use of break-glass, as the privacy officer reads it. It does not say which child.</summary>
/// <param name="UseId">In the audit records of the look-ups too.</param>
/// <param name="At">When.</param>
/// <param name="Until">Until when look-ups of this child went on without a new reason.</param>
/// <param name="Person">Who, as the provider of their sign-in names them: opaque.</param>
/// <param name="Role">The person's role.</param>
/// <param name="Reason">As the person wrote it.</param>
/// <param name="SecondPerson">Who confirmed it; absent where nobody did.</param>
/// <param name="SecondAt">Since when.</param>
/// <param name="Overdue">It has waited for more than a day.</param>
/// <param name="Verdict"><c>justified</c> or <c>not-justified</c>; absent until it is judged.</param>
/// <param name="JudgedBy">By whom.</param>
/// <param name="JudgedAt">When.</param>
/// <param name="Note">What came of it.</param>
internal sealed record BreakGlassView(
    Guid UseId,
    DateTimeOffset At,
    DateTimeOffset Until,
    string Person,
    string Role,
    string Reason,
    string? SecondPerson,
    DateTimeOffset? SecondAt,
    bool Overdue,
    string? Verdict,
    string? JudgedBy,
    DateTimeOffset? JudgedAt,
    string? Note
)
{
    public const string Justified = "justified";
    public const string NotJustified = "not-justified";
    private static readonly TimeSpan Due = TimeSpan.FromDays(1);

    public static BreakGlassView Of(BreakGlassUse use, DateTimeOffset now) =>
        new(
            use.Id,
            use.At,
            use.Until,
            use.Person,
            use.Role,
            use.Reason,
            use.SecondPerson,
            use.SecondAt,
            use.Verdict is null && now - use.At > Due,
            use.Verdict switch
            {
                BreakGlassVerdict.Justified => Justified,
                BreakGlassVerdict.NotJustified => NotJustified,
                _ => null,
            },
            use.JudgedBy,
            use.JudgedAt,
            use.Note
        );
}
