using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>Folds the candidates of one patient into persons.</summary>
internal static class FoldCandidates
{
    /// <summary>
    /// Persons, each with its nearest row first. Rows too unlikely to be named by themselves join a person that they are a row of,
    /// and leave <paramref name="unnamed"/>.
    /// </summary>
    public static List<List<CandidateRow>> IntoPersons(List<CandidateRow> named, List<CandidateRow> unnamed, Parameters parameters)
    {
        var persons = new List<List<CandidateRow>>();
        foreach (var row in named)
        {
            if (!JoinNamed(persons, row, parameters))
                persons.Add([row]);
        }

        unnamed.RemoveAll(row => JoinUnnamed(persons, row, parameters));
        return persons;
    }

    // Asked of every pair in a crowd: without a closure.
    private static bool JoinNamed(List<List<CandidateRow>> persons, CandidateRow row, Parameters parameters)
    {
        List<CandidateRow>? own = null;
        for (var i = 0; i < persons.Count; i++)
        {
            if (!BelongsTo(persons[i], row, parameters) || !AreCompatible(own ?? [row], persons[i], parameters))
                continue;
            if (own is null)
            {
                own = persons[i];
                own.Add(row);
                continue;
            }

            // A row may show that two persons so far are one.
            own.AddRange(persons[i]);
            persons.RemoveAt(i--);
        }

        return own is not null;
    }

    private static bool JoinUnnamed(List<List<CandidateRow>> persons, CandidateRow row, Parameters parameters)
    {
        foreach (var person in persons)
        {
            if (!IsOneWithAny(person, row, parameters) || !AreCompatible([row], person, parameters))
                continue;
            person.Add(row);
            return true;
        }

        return false;
    }

    private static bool BelongsTo(List<CandidateRow> person, CandidateRow row, Parameters parameters)
    {
        var nearest = person[0];
        if (nearest.Suspect.Newborn || row.Suspect.Newborn)
            return false;
        return IsOneWithAny(person, row, parameters)
            || (BothLookLikeThePatient(nearest.Suspect, row.Suspect) && !nearest.IsAnotherThan(row)
                && Fold.AreOneWithPatient(Compare.Persons(nearest.Candidate.Person, row.Candidate.Person, parameters), nearest.Suspect.Seen, row.Suspect.Seen, parameters));
    }

    private static bool AreCompatible(List<CandidateRow> rows, List<CandidateRow> person, Parameters parameters) =>
        rows.TrueForAll(row => person.TrueForAll(other =>
            !Fold.HaveDifferentNumbers(other.Candidate.Person, row.Candidate.Person) || AreOne(other, row, parameters)));

    private static bool IsOneWithAny(List<CandidateRow> person, CandidateRow row, Parameters parameters)
    {
        foreach (var other in person)
        {
            if (AreOne(other, row, parameters))
                return true;
        }

        return false;
    }

    private static bool AreOne(CandidateRow left, CandidateRow right, Parameters parameters) =>
        !left.Suspect.Newborn && !right.Suspect.Newborn && !left.IsAnotherThan(right)
        && Fold.AreOne(Compare.Persons(left.Candidate.Person, right.Candidate.Person, parameters), parameters);

    private static bool BothLookLikeThePatient(Suspect left, Suspect right) => left.Same >= 1 && right.Same >= 1;
}
