using Safeguarding.Matching.Rules;

namespace Safeguarding.Bench.Linkage;

/// <summary>The register in memory by block key, as the service holds it in Postgres by their MACs.</summary>
internal sealed class RegisterIndex
{
    private const int LargestBucket = 400;

    private readonly Dictionary<BlockKey, int[]> _rows;
    private readonly IReadOnlyList<Candidate> _candidates;

    public RegisterIndex(IReadOnlyList<Candidate> candidates)
    {
        _candidates = candidates;
        _rows = candidates.SelectMany((candidate, i) => BlockKeys.ForStoring(candidate.Person).Select(key => (Key: key, Row: i)))
            .GroupBy(entry => entry.Key, entry => entry.Row).ToDictionary(group => group.Key, group => group.ToArray());
    }

    public IReadOnlyList<Candidate> Find(Person patient)
    {
        var found = new HashSet<int>();
        foreach (var key in BlockKeys.ForSearching(patient))
        {
            if (_rows.TryGetValue(key, out var rows) && rows.Length <= LargestBucket)
                found.UnionWith(rows);
        }

        return [.. found.Select(row => _candidates[row])];
    }
}
