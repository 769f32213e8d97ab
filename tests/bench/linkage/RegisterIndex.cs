using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Rules;

namespace Safeguarding.Bench.Linkage;

/// <summary>The register in memory by block key, as the service holds it in Postgres by their MACs.</summary>
internal sealed class RegisterIndex
{
    private readonly Dictionary<BlockKey, int[]> _rows;
    private readonly IReadOnlyList<Candidate> _candidates;

    public RegisterIndex(IReadOnlyList<Candidate> candidates)
    {
        _candidates = candidates;
        _rows = candidates
            .SelectMany((candidate, i) => BlockKeys.ForStoring(candidate.Person).Select(key => (Key: key, Row: i)))
            .GroupBy(entry => entry.Key, entry => entry.Row)
            .ToDictionary(group => group.Key, group => group.ToArray());
    }

    public IReadOnlyList<Candidate> Find(Person patient)
    {
        var weights = new Dictionary<int, int>();
        foreach (var key in BlockKeys.ForSearching(patient))
        {
            if (!_rows.TryGetValue(key, out var rows))
                continue;
            foreach (var row in rows)
            {
                weights[row] =
                    weights.GetValueOrDefault(row) + (key.FindsAlone && rows.Length <= Candidates.Crowd ? 2 : 1);
            }
        }

        return [.. weights.Where(found => found.Value > 1).Select(found => _candidates[found.Key])];
    }
}
