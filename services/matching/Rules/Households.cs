using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>Which candidates live together, as far as the register tells.</summary>
internal static class Households
{
    /// <summary>Gives candidates of one home the same <see cref="ScoredCandidate.Home"/>.</summary>
    /// <param name="rows">The nearest row of each person.</param>
    public static void Find(List<CandidateRecord> rows)
    {
        var scoredCandidates = rows.ConvertAll(row => row.Scored);
        var first = new Dictionary<(string Trait, string Value, string FamilyName), int>();
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var key in KeysOf(rows[i].Candidate.Person))
            {
                if (!first.TryAdd(key, i) && first[key] is var other && other != i)
                {
                    Join(
                        scoredCandidates,
                        scoredCandidates[other].Home ?? other,
                        scoredCandidates[i].Home ?? i,
                        other,
                        i
                    );
                }
            }
        }
    }

    /// <summary>
    /// True where the register has both in one home. A postcode alone is a street's; with the family name it
    /// is a family's.
    /// </summary>
    public static bool AreOne(Person left, Person right) =>
        (left.Mother?.Number is { } mother && mother == right.Mother?.Number)
        || SharePhone(left, right)
        || (SharePostcode(left, right) && ShareFamilyName(left, right));

    /// <summary>True where one postcode of theirs is the same.</summary>
    public static bool SharePostcode(Person left, Person right)
    {
        foreach (var ours in left.Postcodes)
        {
            foreach (var theirs in right.Postcodes)
            {
                if (ours.Text == theirs.Text)
                    return true;
            }
        }

        return false;
    }

    /// <summary>True where one telephone of theirs is the same.</summary>
    public static bool SharePhone(Person left, Person right)
    {
        foreach (var phone in left.Phones)
        {
            if (right.Phones.Contains(phone))
                return true;
        }

        return false;
    }

    // Two are of one home by AreOne where they have one of these in common.
    private static IEnumerable<(string, string, string)> KeysOf(Person person)
    {
        if (person.Mother?.Number is { } mother)
            yield return ("mother", mother, "");
        foreach (var phone in person.Phones)
            yield return ("phone", phone, "");
        foreach (var postcode in person.Postcodes)
        {
            foreach (var name in person.Names)
            {
                foreach (var word in name.Family.Words)
                    yield return ("postcode", postcode.Text, word);
            }
        }
    }

    private static bool ShareFamilyName(Person left, Person right)
    {
        foreach (var ours in left.Names)
        {
            foreach (var theirs in right.Names)
            {
                foreach (var word in ours.Family.Words)
                {
                    if (theirs.Family.Words.Contains(word))
                        return true;
                }
            }
        }

        return false;
    }

    private static void Join(List<ScoredCandidate> scoredCandidates, int left, int right, int i, int j)
    {
        var home = Math.Min(left, right);
        (scoredCandidates[i].Home, scoredCandidates[j].Home) = (home, home);
        foreach (var scored in scoredCandidates)
        {
            if (scored.Home == left || scored.Home == right)
                scored.Home = home;
        }
    }
}
