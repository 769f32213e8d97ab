using System.Text.Json.Serialization;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>
/// What a council says of a plan, as it was written: the body of <c>PUT /plans/{reference}</c>, and what a line of an
/// upload is turned into. Everything is text until it has been judged, so that a wrong value is named and not just
/// rejected.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlanDocument
{
    /// <summary><c>child-protection</c>, <c>looked-after</c>, <c>unborn</c>, or the SNOMED CT code of one.</summary>
    public string? Kind { get; init; }

    /// <summary>First day on the register.</summary>
    public string? StartDate { get; init; }

    /// <summary>Last day on the register; absent while it runs.</summary>
    public string? EndDate { get; init; }

    /// <summary>Expected date of delivery; for an unborn plan only.</summary>
    public string? ExpectedDate { get; init; }

    /// <summary>
    /// <c>true</c> where who it is about must be kept from all but cleared people, <c>false</c> where no
    /// longer; absent leaves it as it is.
    /// </summary>
    [JsonConverter(typeof(BooleanText.Reader))]
    public string? Restricted { get; init; }

    /// <summary>The child; for an unborn plan the mother.</summary>
    public PersonDocument? Subject { get; init; }

    /// <summary>The child's mother, where known; not for an unborn plan.</summary>
    public PersonDocument? Mother { get; init; }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PersonDocument
{
    public IdentifierDocument? Identifier { get; init; }
    public IReadOnlyList<NameDocument?>? Names { get; init; }
    public string? BirthDate { get; init; }
    public string? Sex { get; init; }
    public IReadOnlyList<PostcodeDocument?>? Postcodes { get; init; }
    public IReadOnlyList<string?>? Phones { get; init; }
}

/// <summary>
/// State is <c>known</c>, <c>unknown</c> or <c>withheld</c>; the number belongs to <c>known</c>
/// only.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record IdentifierDocument(string? State, string? NhsNumber);

/// <summary>Use is <c>usual</c>, <c>former</c> or <c>other</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NameDocument(string? Use, string? Family, IReadOnlyList<string?>? Given);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PostcodeDocument(string? Postcode, bool Former);
