using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// Lets the telephone of a home speak for every child of it whose plan has none. Else the twin whose plan has it would
/// be the likelier one, whoever attends.
/// </summary>
internal static class HomesPhone
{
    /// <summary>Adds to each person without a telephone that the patient has the one of the person's home.</summary>
    /// <param name="persons">Persons whose homes are known, each with its nearest row first.</param>
    /// <param name="parameters">The figures.</param>
    public static void Share(List<List<CandidateRecord>> persons, Parameters parameters)
    {
        foreach (var person in persons)
        {
            var (candidate, scored) = person[0];
            if (scored.Home is null || scored.Newborn || candidate.Person.Phones.Count > 0)
                continue;
            var other = persons.Find(other => other[0].Scored.Home == scored.Home && HasPatientsPhone(other[0]));
            if (other is null)
                continue;
            List<Observation> seen = [.. scored.Seen, new("phone", "housemates")];
            person[0] = new(
                candidate,
                new(scored.Rank, seen, newborn: false, parameters) { Plain = scored.Plain, Home = scored.Home }
            );
        }
    }

    private static bool HasPatientsPhone(CandidateRecord row) => row.Scored.Seen.LevelOf("phone") == "equal";
}
