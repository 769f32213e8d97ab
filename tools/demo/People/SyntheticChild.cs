using Safeguarding.Contracts;

namespace Safeguarding.Demo.People;

/// <summary>
/// An invented child. Its NHS number passes Modulus 11 and begins with 90 to 98, which were never
/// issued.
/// </summary>
/// <param name="Number">Which of the synthetic children; everything else follows from it.</param>
internal sealed record SyntheticChild(
    int Number,
    NhsNumber NhsNumber,
    string FamilyName,
    string GivenName,
    string MiddleName,
    bool IsGirl,
    DateOnly BirthDate,
    string Postcode,
    string Phone
)
{
    /// <summary>Never the person.</summary>
    public override string ToString() => $"synthetic child {Number}";
}
