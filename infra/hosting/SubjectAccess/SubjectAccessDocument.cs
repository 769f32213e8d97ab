using Safeguarding.Contracts.Matches;

namespace Safeguarding.Hosting.SubjectAccess;

/// <summary>What a service holds of one person, item by item; what is withheld has no value.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Organisation">Whose data it is.</param>
/// <param name="Records">What is stored, one record for each thing.</param>
/// <param name="HeldElsewhere">What is not in it, and where that is read.</param>
/// <param name="Text">The same to be read by people.</param>
/// <param name="Plans">What the other services are asked by; only plan-registry knows it. Not for the person who
/// asks.</param>
public sealed record SubjectAccessDocument(
    DateTimeOffset At,
    string Organisation,
    IReadOnlyList<SubjectRecord> Records,
    IReadOnlyList<string> HeldElsewhere,
    string Text,
    IReadOnlyList<SubjectPlan>? Plans = null
);

/// <summary>One thing that is stored.</summary>
/// <param name="Kind">What it is, such as plan.</param>
/// <param name="Items">What is stored of it.</param>
public sealed record SubjectRecord(string Kind, IReadOnlyList<SubjectItem> Items);

/// <summary>One item of a record.</summary>
/// <param name="Item">Names it in a release.</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">Absent where it is withheld.</param>
/// <param name="Withheld">Why: location, reporter, other-people, or restricted, which is not released here.</param>
public sealed record SubjectItem(string Item, string Name, string? Value, string? Withheld);

/// <summary>A plan that the person is on, or whose unborn child the person is the mother of.</summary>
/// <param name="Id">The hub's id of the plan.</param>
/// <param name="Role">What the person is to the plan.</param>
public sealed record SubjectPlan(Guid Id, MatchRole? Role);

/// <summary>An item that a person decided to show.</summary>
/// <param name="Item">As the answer names it.</param>
/// <param name="Reason">Why it may be shown to the person; it is audited.</param>
public sealed record SubjectRelease(string? Item, string? Reason)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(SubjectRelease);
}

/// <summary>Why an item is withheld.</summary>
public static class Withheld
{
    /// <summary>Where the person is or was.</summary>
    public const string Location = "location";

    /// <summary>Who reported, looked, decided or acknowledged.</summary>
    public const string Reporter = "reporter";

    /// <summary>Somebody else.</summary>
    public const string OtherPeople = "other-people";

    /// <summary>Of a restricted child: nobody releases it here.</summary>
    public const string Restricted = "restricted";
}
