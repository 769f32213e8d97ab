using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>Looks for one row of the encounters among the registry, by itself: no other query has a say.</summary>
internal sealed class QueryOneRow(FilePair files, RowSearch search, Parameters parameters)
{
    private readonly RegistryClusters? _clusters = files.HasCouncils ? null : new(files, search, parameters);

    public Answer Find(int encounter)
    {
        var query = files.Encounters[encounter];
        var found = search.Find(query, out var capped);
        List<int> rows = [.. found.Where(row => !files.IsItself(encounter, row))];
        var candidates = (_clusters?.WithTheirPersons(rows, files.Self ? encounter : -1) ?? rows)
            .Select(row => files.Candidates[row])
            .ToList();
        var links =
            from council in Decide.Evaluate(query, candidates, parameters)
            from person in council.Persons
            from row in council.RowsOf[person]
            orderby person.Posterior descending
            // Rows of one person are decided together, and plans of one child each by itself.
            select new Link(
                RegisterIndex.RowOf(row.Candidate.PlanId),
                person,
                files.HasCouncils ? row.Scored : person,
                row.Scored.Seen
            );
        return new(encounter, [.. links], found.Count, capped);
    }
}

/// <summary>What was found for one query.</summary>
/// <param name="Encounter">The query's row.</param>
/// <param name="Links">Best first.</param>
/// <param name="Candidates">Rows that were found for it.</param>
/// <param name="Capped">True where a key was left out because too many rows share it.</param>
internal sealed record Answer(int Encounter, IReadOnlyList<Link> Links, int Candidates, bool Capped);

/// <summary>A registry row that may be the query.</summary>
/// <param name="Row">The row.</param>
/// <param name="Person">The person it belongs to.</param>
/// <param name="Own">What decides about the row.</param>
/// <param name="Seen">The comparison with this very row.</param>
internal sealed record Link(int Row, ScoredCandidate Person, ScoredCandidate Own, IReadOnlyList<Observation> Seen);
