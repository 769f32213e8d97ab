using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>Finds the rows that share a block key with a query, in memory: sorted hashes beside row numbers.</summary>
internal sealed class RowIndex
{
    // A key shared by more rows than this says little; a true match has others.
    private const int LargestBucket = 60;
    private const int MostCandidates = 64;

    private readonly ulong[] _hashes;
    private readonly int[] _rows;

    public RowIndex(IReadOnlyList<Person> persons)
    {
        var keys = new HashSet<ulong>[persons.Count];
        Parallel.For(0, persons.Count, i => keys[i] = RowKeys.ForStoring(persons[i]));
        _hashes = new ulong[keys.Sum(set => set.Count)];
        _rows = new int[_hashes.Length];
        var next = 0;
        for (var row = 0; row < keys.Length; row++)
        {
            foreach (var hash in keys[row])
            {
                _hashes[next] = hash;
                _rows[next++] = row;
            }
        }

        Array.Sort(_hashes, _rows);
    }

    /// <summary>Rows that share a key, each once, ascending.</summary>
    public List<int> Find(Person query, out bool capped)
    {
        capped = false;
        var found = new Dictionary<int, double>();
        foreach (var hash in RowKeys.ForSearching(query))
        {
            var start = FirstAt(hash);
            var end = start;
            while (end < _hashes.Length && _hashes[end] == hash && end - start <= LargestBucket)
                end++;
            if (end - start > LargestBucket)
            {
                capped = true;
                continue;
            }

            // A key is worth the more, the fewer rows share it.
            var worth = Math.Log2((2.0 * LargestBucket) / (end - start));
            for (var i = start; i < end; i++)
                found[_rows[i]] = found.GetValueOrDefault(_rows[i]) + worth;
        }

        var rows = found
            .OrderByDescending(row => row.Value)
            .ThenBy(row => row.Key)
            .Take(MostCandidates)
            .Select(row => row.Key)
            .ToList();
        rows.Sort();
        return rows;
    }

    private int FirstAt(ulong hash)
    {
        int low = 0,
            high = _hashes.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_hashes[middle] < hash)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
