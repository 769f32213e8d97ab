using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.MatchFiles;

/// <summary>Looks for one row of the encounters among the registry, by itself: no other query has a say.</summary>
internal sealed class QueryOneRow(FilePair files, RowIndex index, RegistryClusters folds, Parameters parameters)
{
    public Answer Find(int encounter)
    {
        var query = files.Encounters[encounter];
        var found = index.Find(query, out var capped);
        var suspects = new Dictionary<int, ScoredCandidate>();
        var unlikely = new List<ScoredCandidate>();
        foreach (var row in found)
        {
            if (files.IsItself(encounter, row))
                continue;
            var seen = Compare.Persons(query, files.Registry[row], parameters);
            var suspect = new ScoredCandidate(RankOf(row), seen, newborn: false, parameters);
            if (suspect.IsUnlikely)
                unlikely.Add(suspect);
            else
                suspects[row] = suspect;
        }

        var persons = Persons(suspects, files.Self ? encounter : -1);
        var judged = persons.Select(person => suspects[person[0]]).ToList();
        var rows = persons.ToDictionary(person => suspects[person[0]]);
        Households.Find(judged, suspect => files.Registry[rows[suspect][0]]);
        Posterior.All(judged, RestOfCandidates.Of(unlikely), parameters);
        var links = judged.SelectMany(suspect =>
            rows[suspect].Select(row => new Link(row, suspect, Seen(query, row, suspects)))
        );
        return new(encounter, [.. links], found.Count, capped);
    }

    private List<List<int>> Persons(Dictionary<int, ScoredCandidate> suspects, int itself)
    {
        var persons = new List<List<int>>();
        var taken = new HashSet<int>();
        foreach (var row in suspects.Keys.OrderByDescending(row => suspects[row].Bits).ThenBy(row => row))
        {
            if (taken.Contains(row))
                continue;
            var person = folds.PersonOf(row, itself, taken);
            if (
                persons.Find(other =>
                    AreOneWithQuery(other[0], row, suspects) && person.TrueForAll(own => folds.MayJoin(other, own))
                ) is
                { } known
            )
            {
                known.AddRange(person);
            }
            else
            {
                persons.Add(person);
            }
        }

        return persons;
    }

    private bool AreOneWithQuery(int first, int second, Dictionary<int, ScoredCandidate> suspects)
    {
        if (suspects[first].Same < 1 || suspects[second].Same < 1)
            return false;
        var between = Compare.Persons(files.Registry[first], files.Registry[second], parameters);
        return Cluster.AreOneWithPatient(between, suspects[first].Seen, suspects[second].Seen, parameters);
    }

    private IReadOnlyList<Observation> Seen(Person query, int row, Dictionary<int, ScoredCandidate> suspects) =>
        suspects.TryGetValue(row, out var suspect)
            ? suspect.Seen
            : Compare.Persons(query, files.Registry[row], parameters);

    private static Guid RankOf(int row) => new(row, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/// <summary>What was found for one query.</summary>
/// <param name="Encounter">The query's row.</param>
/// <param name="Links">Best first.</param>
/// <param name="Candidates">Rows that share a block key with it.</param>
/// <param name="Capped">True where a key was left out because too many rows share it.</param>
internal sealed record Answer(int Encounter, IReadOnlyList<Link> Links, int Candidates, bool Capped);

/// <summary>A registry row that may be the query.</summary>
/// <param name="Row">The row.</param>
/// <param name="Person">The person it belongs to, judged.</param>
/// <param name="Seen">The comparison with this very row.</param>
internal sealed record Link(int Row, ScoredCandidate Person, IReadOnlyList<Observation> Seen);
