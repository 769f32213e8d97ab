using Safeguarding.Hosting.Access;

namespace Safeguarding.PlanRegistry.Domain.BreakGlass;

/// <summary>
/// A person went on without a purpose that the rules know, with a reason, for one child and half an hour. It waits
/// until a privacy officer has judged it.
/// </summary>
internal sealed class BreakGlassUse
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(30);

    public required Guid Id { get; init; }
    public required string Organisation { get; init; }

    /// <summary>Who, by the provider's subject.</summary>
    public required string Person { get; init; }

    public required string Role { get; init; }

    /// <summary>Which child.</summary>
    public required byte[] NhsNumberMac { get; init; }

    public required string Reason { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset Until { get; init; }

    /// <summary>Who of the organisation confirms it; without one a restricted child stays so.</summary>
    public string? SecondPerson { get; private set; }
    public DateTimeOffset? SecondAt { get; private set; }

    public BreakGlassVerdict? Verdict { get; private set; }
    public string? JudgedBy { get; private set; }
    public DateTimeOffset? JudgedAt { get; private set; }
    public string? Note { get; private set; }

    public GlassBroken Broken => SecondPerson is null ? GlassBroken.ByOne : GlassBroken.ByTwo;

    /// <summary>Null where this person confirms it from now on, or did before; otherwise why not.</summary>
    public BreakGlassError? Second(string person, DateTimeOffset now)
    {
        if (person == Person)
            return BreakGlassError.SamePerson;
        if (SecondPerson == person)
            return null;
        if (SecondPerson is not null)
            return BreakGlassError.SecondedAlready;
        if (now >= Until)
            return BreakGlassError.Over;
        (SecondPerson, SecondAt) = (person, now);
        return null;
    }

    /// <summary>Null where it is judged now; otherwise why not. Nobody judges what they took part in.</summary>
    public BreakGlassError? Judge(BreakGlassVerdict verdict, string? note, string person, DateTimeOffset now)
    {
        if (person == Person || person == SecondPerson)
            return BreakGlassError.SamePerson;
        if (Verdict is not null)
            return BreakGlassError.JudgedAlready;
        (Verdict, Note, JudgedBy, JudgedAt) = (verdict, note, person, now);
        return null;
    }
}

/// <summary>What a privacy officer found.</summary>
internal enum BreakGlassVerdict
{
    /// <summary>The reason justified it.</summary>
    Justified,

    /// <summary>It did not.</summary>
    NotJustified,
}

/// <summary>Why a use is not seconded or judged.</summary>
internal enum BreakGlassError
{
    SamePerson,
    SecondedAlready,
    Over,
    JudgedAlready,
}
