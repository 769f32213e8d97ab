using System.Globalization;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Measures;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Compares national numbers.</summary>
internal static class CompareNumbers
{
    public static Observation? Between(Person patient, Person registered, Population population)
    {
        if (patient.Number is null || registered.Number is null)
            return null;
        if (patient.Number == registered.Number)
            return new("identifier", "equal", population.ShareOf("identifier", patient.Number));
        if (registered.FormerNumbers.Contains(patient.Number) || patient.FormerNumbers.Contains(registered.Number))
            return new("identifier", "superseded");
        // The mother's number written for the child is a common slip, and says whose child it is.
        if (patient.Number == registered.Mother?.Number)
            return new("identifier", "mothers");
        if (patient.NumberIsChecked && registered.NumberIsChecked)
            return AreOfOneCountry(patient.Number, registered.Number) ? new("identifier", "different") : null;
        return new(
            "identifier",
            EditDistance.Between(patient.Number, registered.Number, 2) switch
            {
                1 => "oneEdit",
                2 => "twoEdits",
                _ => "different",
            }
        );
    }

    /// <summary>
    /// What the stated trace of the patient's number says beside how it compares; null where it says nothing. A
    /// verified number that is not this person's says nothing more: the plan's may be the wrong one.
    /// </summary>
    public static Observation? StatusOf(Person patient, Observation? number) =>
        (patient.NumberStatus, number) switch
        {
            (null, _) or (_, null) => null,
            (NhsNumberStatus.Verified, { Level: "mothers" or "housemates" }) => new("numberStatus", "verifiedAnothers"),
            (NhsNumberStatus.Verified, { Relation: Relation.Agrees }) => new("numberStatus", "verified"),
            (NhsNumberStatus.Verified, _) => null,
            (NhsNumberStatus.NoMatch or NhsNumberStatus.Conflict, { Relation: Relation.Agrees }) => new(
                "numberStatus",
                "disputed"
            ),
            (NhsNumberStatus.NoMatch or NhsNumberStatus.Conflict, { Relation: Relation.Differs }) => new(
                "numberStatus",
                "disputedOther"
            ),
            (_, { Relation: Relation.Agrees }) => new("numberStatus", "untraced"),
            (_, { Relation: Relation.Differs }) => new("numberStatus", "untracedOther"),
            _ => null,
        };

    /// <summary>
    /// False of a Scottish CHI number, a Northern Irish Health and Care number and an English and Welsh NHS number
    /// beside one another: a child who has moved has one of each, so that two of them are no conflict. (NHS Data
    /// Dictionary, NHS NUMBER: the ranges of the four countries.)
    /// </summary>
    public static bool AreOfOneCountry(string left, string right) => CountryOf(left) == CountryOf(right);

    private static char CountryOf(string number) =>
        int.Parse(number.AsSpan(0, 2), CultureInfo.InvariantCulture) switch
        {
            <= 31 => 'S',
            <= 39 => 'N',
            _ => 'E',
        };
}
