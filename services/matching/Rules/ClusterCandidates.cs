using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>Folds the candidates of one patient into persons.</summary>
internal static class ClusterCandidates
{
    /// <summary>
    /// Persons, each with its nearest row first. Rows too unlikely to be named by themselves join a person that they
    /// are a row of, and leave <paramref name="unnamed"/>.
    /// </summary>
    public static List<List<CandidateRecord>> ByPerson(
        List<CandidateRecord> named,
        List<CandidateRecord> unnamed,
        Parameters parameters
    )
    {
        var persons = new List<List<CandidateRecord>>();
        foreach (var row in named)
        {
            if (!JoinNamed(persons, row, parameters))
                persons.Add([row]);
        }

        unnamed.RemoveAll(row => JoinUnnamed(persons, row, parameters));
        return persons;
    }

    // Asked of every pair in a crowd: without a closure.
    private static bool JoinNamed(List<List<CandidateRecord>> persons, CandidateRecord row, Parameters parameters)
    {
        List<CandidateRecord>? own = null;
        for (var i = 0; i < persons.Count; i++)
        {
            if (!MayBeOne(own, persons[i]) || !MayBeOne(persons[i], row) || !BelongsTo(persons[i], row, parameters))
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

    private static bool JoinUnnamed(List<List<CandidateRecord>> persons, CandidateRecord row, Parameters parameters)
    {
        foreach (var person in persons)
        {
            if (!MayBeOne(person, row) || !IsOneWithAny(person, row, parameters))
                continue;
            person.Add(row);
            return true;
        }

        return false;
    }

    private static bool BelongsTo(List<CandidateRecord> person, CandidateRecord row, Parameters parameters)
    {
        var nearest = person[0];
        return IsOneWithAny(person, row, parameters)
            || (
                BothLookLikeThePatient(nearest.Scored, row.Scored)
                && Cluster.AreOneWithPatient(
                    Compare.Persons(nearest.Candidate.Person, row.Candidate.Person, parameters),
                    nearest.Scored.Seen,
                    row.Scored.Seen,
                    parameters
                )
            );
    }

    private static bool IsOneWithAny(List<CandidateRecord> person, CandidateRecord row, Parameters parameters)
    {
        foreach (var other in person)
        {
            if (Cluster.AreOne(Compare.Persons(other.Candidate.Person, row.Candidate.Person, parameters), parameters))
                return true;
        }

        return false;
    }

    private static bool MayBeOne(List<CandidateRecord>? own, List<CandidateRecord> person)
    {
        for (var i = 0; i < own?.Count; i++)
        {
            if (!MayBeOne(person, own[i]))
                return false;
        }

        return true;
    }

    // Whatever a third row has in common with both.
    private static bool MayBeOne(List<CandidateRecord> person, CandidateRecord row)
    {
        for (var i = 0; i < person.Count; i++)
        {
            if (person[i].Scored.Newborn || row.Scored.Newborn || Cluster.AreTwo(person[i].Candidate, row.Candidate))
                return false;
        }

        return true;
    }

    private static bool BothLookLikeThePatient(ScoredCandidate left, ScoredCandidate right) =>
        left.Same >= 1 && right.Same >= 1;
}
