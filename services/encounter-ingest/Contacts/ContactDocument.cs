using System.Text.Json.Serialization;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Contacts;

/// <summary>What a police force reports of one child, in the terms of POLE: an event, a unit and a person.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Unit">Who in the force deals with it.</param>
/// <param name="Person">The child; no other person is taken.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ContactDocument(ContactEvent? Event, ContactUnitDocument? Unit, ContactPerson? Person)
{
    public override string ToString() => nameof(ContactDocument);
}

/// <param name="IncidentNumber">The force's own; with the kind it always names the same contact.</param>
/// <param name="Kind">What happened.</param>
/// <param name="State">Whether it goes on, has ended (a missing child is found), or is withdrawn.</param>
/// <param name="Grade">How grave the force thinks it, where it grades.</param>
/// <param name="OccurredAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="UpdatedAt">The force's clock for this version: an older one overwrites nothing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ContactEvent(
    string? IncidentNumber,
    ContactKind? Kind,
    ContactState? State,
    ContactGrade? Grade,
    DateTimeOffset? OccurredAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? UpdatedAt
);

/// <summary>Where a contact stands.</summary>
internal enum ContactState
{
    /// <summary>It goes on: the child is missing, in custody, or the notice is new.</summary>
    Open,

    /// <summary>It is over: the child is found or released.</summary>
    Ended,

    /// <summary>It was never right: what councils were sent about it is withdrawn.</summary>
    Withdrawn,
}

/// <param name="Name">What a council reads, such as <c>Eastvale public protection unit</c>.</param>
/// <param name="Phone">Whom a council rings, at any hour.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ContactUnitDocument(string? Name, string? Phone);

/// <param name="NhsNumber">Where the force has it, which is rare.</param>
/// <param name="Names">All that are known, the usual one first.</param>
/// <param name="BirthDate">Date of birth.</param>
/// <param name="Sex">Absent where it is not known.</param>
/// <param name="Postcodes">Where the child lives or lived. No other part of an address is taken.</param>
/// <param name="Phones">Telephones of the child's home.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ContactPerson(
    string? NhsNumber,
    IReadOnlyList<ContactName?>? Names,
    DateOnly? BirthDate,
    Sex? Sex,
    IReadOnlyList<ContactPostcode?>? Postcodes,
    IReadOnlyList<string?>? Phones
)
{
    public override string ToString() => nameof(ContactPerson);
}

/// <param name="FamilyName">As the force has it.</param>
/// <param name="GivenNames">In order.</param>
/// <param name="Use">Usual where absent; former names and aliases find a child too.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ContactName(string? FamilyName, IReadOnlyList<string?>? GivenNames, NameUse? Use)
{
    public override string ToString() => nameof(ContactName);
}

/// <param name="Postcode">As it is written.</param>
/// <param name="Former">Whether the child no longer lives there.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ContactPostcode(string? Postcode, bool Former = false)
{
    public override string ToString() => nameof(ContactPostcode);
}

/// <summary>What was made of a contact. It is the same whether or not the child is on a plan.</summary>
/// <param name="Id">The hub's id of the contact; null where it was refused.</param>
/// <param name="Version">Which version is stored.</param>
/// <param name="Result">What was done.</param>
internal sealed record ContactAnswer(Guid Id, long Version, ContactResult Result);

/// <summary>What was done with a contact.</summary>
internal enum ContactResult
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It is another version of one that is stored.</summary>
    Updated,

    /// <summary>The same content is stored already.</summary>
    Repeated,

    /// <summary>A later version is stored: nothing is overwritten.</summary>
    Older,
}
