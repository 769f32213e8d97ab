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
            var own = row.Suspect.Newborn ? [] : persons.Where(person => BelongsTo(person, row, parameters)).ToList();
            if (own.Count == 0)
            {
                persons.Add([row]);
                continue;
            }

            own[0].Add(row);
            // A row may show that two persons so far are one.
            foreach (var other in own.Skip(1))
            {
                own[0].AddRange(other);
                persons.Remove(other);
            }
        }

        foreach (var row in unnamed.ToList())
        {
            if (row.Suspect.Newborn || persons.Find(person => person.Exists(other => AreOne(other, row, parameters))) is not { } person)
                continue;
            person.Add(row);
            unnamed.Remove(row);
        }

        return persons;
    }

    private static bool BelongsTo(List<CandidateRow> person, CandidateRow row, Parameters parameters)
    {
        var nearest = person[0];
        if (nearest.Suspect.Newborn)
            return false;
        if (person.Exists(other => AreOne(other, row, parameters)))
            return true;
        return !AreTwo(nearest, row) && BothLookLikeThePatient(nearest.Suspect, row.Suspect, parameters)
            && Fold.AreOneWithPatient(Compare.Persons(nearest.Candidate.Person, row.Candidate.Person, parameters), nearest.Suspect.Seen, row.Suspect.Seen, parameters);
    }

    private static bool AreOne(CandidateRow left, CandidateRow right, Parameters parameters) =>
        !left.Suspect.Newborn && !AreTwo(left, right)
        && Fold.AreOne(Compare.Persons(left.Candidate.Person, right.Candidate.Person, parameters), parameters);

    private static bool AreTwo(CandidateRow left, CandidateRow right) =>
        Outline.AreTwo(left.Outline, right.Outline) || Fold.AreTwo(left.Candidate.Person, right.Candidate.Person);

    private static bool BothLookLikeThePatient(Suspect left, Suspect right, Parameters parameters) =>
        Judge.Same(left, parameters.Register) >= 1 && Judge.Same(right, parameters.Register) >= 1;
}
