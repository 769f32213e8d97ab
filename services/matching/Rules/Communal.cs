using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// The patient's postcodes and telephones that several families on the register have: a hotel's, a refuge's, a
/// children's home's. Two who share one are not of one home.
/// </summary>
internal sealed class Communal
{
    // Two families may share a house, and stepchildren have another family name; a street of one postcode has few
    // children on a register.
    private const int MostFamilies = 2;

    private readonly HashSet<string> _postcodes = [],
        _phones = [];

    /// <summary>Those of a patient; null where there are none.</summary>
    public static Communal? Find(Person patient, IReadOnlyList<Candidate> candidates)
    {
        if (candidates.Count <= MostFamilies)
            return null;
        var communal = new Communal();
        foreach (var postcode in patient.Postcodes)
        {
            if (Families(candidates, person => Has(person, postcode.Text)) > MostFamilies)
                communal._postcodes.Add(postcode.Text);
        }

        foreach (var phone in patient.Phones)
        {
            if (Families(candidates, person => person.Phones.Contains(phone)) > MostFamilies)
                communal._phones.Add(phone);
        }

        return communal._postcodes.Count + communal._phones.Count == 0 ? null : communal;
    }

    /// <summary>Writes down that what agrees is nobody's home, where nothing else of a home agrees.</summary>
    public void Mark(List<Observation> seen, Person registered)
    {
        for (var i = 0; i < seen.Count; i++)
        {
            if (
                seen[i].Level == "equal"
                && (
                    (
                        seen[i].Trait == "postcode"
                        && _postcodes.Count > 0
                        && registered.Postcodes.Any(postcode => _postcodes.Contains(postcode.Text))
                    ) || (seen[i].Trait == "phone" && _phones.Count > 0 && registered.Phones.Any(_phones.Contains))
                )
            )
            {
                seen[i] = seen[i] with { Level = "communal" };
            }
        }
    }

    // Families by the first word of the usual family name; more than the few that count are not counted.
    private static int Families(IReadOnlyList<Candidate> candidates, Func<Person, bool> has)
    {
        var families = new HashSet<string>();
        foreach (var candidate in candidates)
        {
            if (has(candidate.Person) && candidate.Person.Names is [{ Family.Words: [var family, ..] }, ..])
                families.Add(family);
        }

        return families.Count;
    }

    private static bool Has(Person person, string postcode)
    {
        for (var i = 0; i < person.Postcodes.Count; i++)
        {
            if (person.Postcodes[i].Text == postcode)
                return true;
        }

        return false;
    }
}
