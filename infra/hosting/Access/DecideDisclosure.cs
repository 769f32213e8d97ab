namespace Safeguarding.Hosting.Access;

/// <summary>
/// How much of what the hub holds about a child is shown to whom: the one place where it is decided, after
/// <see cref="DecideAccess"/> has let the caller in. Pure. What is not opened here is not shown.
/// </summary>
public static class DecideDisclosure
{
    private static readonly Purpose[] Lookups = [Purpose.DirectCare, Purpose.ChildProtection, Purpose.BreakGlass];

    /// <summary>How much.</summary>
    /// <param name="asked">What is asked for, by whom, for what.</param>
    public static Extent Decide(Asked asked)
    {
        if (!HasPurpose(asked) || !IsPossible(asked))
            return Extent.Nothing;
        var ordinary = Ordinary(asked);
        // One step more than without, and of a restricted child not by one person alone.
        var opens =
            asked is { What: Shown.Plan, Purpose: Purpose.BreakGlass }
            && (asked.Broken is GlassBroken.ByTwo || (asked.Broken is GlassBroken.ByOne && !asked.Restricted));
        return opens && ordinary < Extent.Whole ? ordinary + 1 : ordinary;
    }

    /// <summary>What a person of such an organisation can look a child up for, without break-glass.</summary>
    /// <param name="organisation">The caller's.</param>
    public static IReadOnlyList<Purpose> OrdinaryLookups(OrganisationKind organisation) =>
        organisation switch
        {
            OrganisationKind.Trust => [Purpose.DirectCare, Purpose.ChildProtection],
            OrganisationKind.Council or OrganisationKind.Police => [Purpose.ChildProtection],
            _ => [],
        };

    private static Extent Ordinary(Asked asked) =>
        asked switch
        {
            // To the police a restricted child looks like any other that is unknown.
            { What: Shown.Plan, Organisation: OrganisationKind.Police } => asked.Restricted
                ? Extent.Nothing
                : Extent.Existence,
            { What: Shown.Plan, Organisation: OrganisationKind.Trust } => asked.Restricted
                ? Extent.Existence
                : Extent.Whole,
            // Any council can register any number.
            { What: Shown.Plan } => asked.Relationship is Relationship.None ? Extent.Existence : Extent.Whole,
            // It says where the child was; a council reads what concerns its plans as places.
            { What: Shown.LookupHistory, Organisation: OrganisationKind.Trust, Restricted: false } => Extent.Whole,
            { What: Shown.Evidence, Organisation: OrganisationKind.Hub } => WithoutRestricted(asked),
            { Relationship: Relationship.None } => Extent.Nothing,
            { What: Shown.Place or Shown.Evidence or Shown.SubjectRecord } => WithoutRestricted(asked),
            { What: Shown.PlaceByItself, Restricted: false } => Extent.Whole,
            { What: Shown.PlaceByItself, Relationship: Relationship.RestrictedFirst } => Extent.Whole,
            { What: Shown.PlaceByItself, Relationship: Relationship.RestrictedByAnother, Agreed: true } => Extent.Whole,
            { What: Shown.Question, Restricted: false } => Extent.Whole,
            { What: Shown.Question, Relationship: Relationship.RestrictedFirst } => Extent.Whole,
            { What: Shown.Question } => Extent.Existence,
            _ => Extent.Nothing,
        };

    private static Extent WithoutRestricted(Asked asked) => asked.Restricted ? Extent.Existence : Extent.Whole;

    private static bool HasPurpose(Asked asked) =>
        asked.What switch
        {
            Shown.Plan or Shown.LookupHistory => asked.Purpose is Purpose.BreakGlass
                ? OrdinaryLookups(asked.Organisation) is not []
                : OrdinaryLookups(asked.Organisation).Contains(asked.Purpose),
            Shown.Place or Shown.PlaceByItself or Shown.Evidence or Shown.Question => asked.Purpose
                is Purpose.OwnChildren,
            Shown.SubjectRecord => asked.Purpose is Purpose.SubjectAccess,
            _ => false,
        };

    // Councils alone have plans; whose restriction counts is said of restricted children alone; one glass is broken at
    // a time, for that purpose.
    private static bool IsPossible(Asked asked) =>
        asked.Relationship switch
        {
            Relationship.None => true,
            Relationship.OwnPlan => asked.Organisation is OrganisationKind.Council,
            Relationship.RestrictedFirst or Relationship.RestrictedByAnother => asked.Organisation
                is OrganisationKind.Council
                && asked.Restricted,
            _ => false,
        } && (asked.Broken is GlassBroken.No || Lookups.Contains(asked.Purpose));
}

/// <summary>What is asked for of a child, and by whom.</summary>
/// <param name="What">What would be shown.</param>
/// <param name="Organisation">The caller's.</param>
/// <param name="Relationship">What the caller's organisation is to the child.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Restricted">A council, any, has restricted a plan of the child.</param>
/// <param name="Broken">By how many the glass is broken.</param>
/// <param name="Agreed">The council that restricted first lets this one see the place.</param>
public readonly record struct Asked(
    Shown What,
    OrganisationKind Organisation,
    Relationship Relationship,
    Purpose Purpose,
    bool Restricted,
    GlassBroken Broken = GlassBroken.No,
    bool Agreed = false
)
{
    /// <summary>By a council, of a child whom it has a plan for.</summary>
    /// <param name="what">What would be shown.</param>
    /// <param name="restricted">A council, any, has restricted a plan of the child.</param>
    /// <param name="byAnother">The restriction that counts is another council's; null where that is not known
    /// here.</param>
    public static Asked OfOwnChild(Shown what, bool restricted, bool? byAnother = null) =>
        new(
            what,
            OrganisationKind.Council,
            (restricted, byAnother) switch
            {
                (true, true) => Relationship.RestrictedByAnother,
                (true, false) => Relationship.RestrictedFirst,
                _ => Relationship.OwnPlan,
            },
            what is Shown.SubjectRecord ? Purpose.SubjectAccess : Purpose.OwnChildren,
            restricted
        );
}

/// <summary>What can be shown of a child.</summary>
public enum Shown
{
    /// <summary>A plan, to somebody who looks the child up.</summary>
    Plan = 1,

    /// <summary>Who looked the child up before.</summary>
    LookupHistory,

    /// <summary>Where and when the child was, in an alert or a list.</summary>
    Place,

    /// <summary>The same by a call of its own.</summary>
    PlaceByItself,

    /// <summary>What spoke for and against a match.</summary>
    Evidence,

    /// <summary>A question whether a patient is the child.</summary>
    Question,

    /// <summary>What is stored of a person, for that person.</summary>
    SubjectRecord,
}

/// <summary>What the caller's organisation is to the child.</summary>
public enum Relationship
{
    /// <summary>It has no plan of the child.</summary>
    None = 1,

    /// <summary>It has a plan of the child; if a council has restricted one, which is not known here.</summary>
    OwnPlan,

    /// <summary>It has a plan of the child, and its restriction is the one that counts.</summary>
    RestrictedFirst,

    /// <summary>It has a plan of the child, and another council restricted the child first.</summary>
    RestrictedByAnother,
}

/// <summary>What something about a child is asked for.</summary>
public enum Purpose
{
    /// <summary>The patient is in the trust's care.</summary>
    DirectCare = 1,

    /// <summary>To protect the child.</summary>
    ChildProtection,

    /// <summary>Neither; the person says why, and a privacy officer judges it.</summary>
    BreakGlass,

    /// <summary>A council acts on what the hub sends it about its own children.</summary>
    OwnChildren,

    /// <summary>A person has asked what is stored of them.</summary>
    SubjectAccess,
}

/// <summary>By how many the glass is broken for a child.</summary>
public enum GlassBroken
{
    /// <summary>It is not.</summary>
    No,

    /// <summary>By the person who looks.</summary>
    ByOne,

    /// <summary>A second person of the organisation confirms it.</summary>
    ByTwo,
}

/// <summary>How much is shown.</summary>
public enum Extent
{
    /// <summary>As where there is none.</summary>
    Nothing,

    /// <summary>
    /// That there is one: of a plan whom to ring, of a place the day, of evidence whether it matched.
    /// </summary>
    Existence,

    /// <summary>All of it.</summary>
    Whole,
}
