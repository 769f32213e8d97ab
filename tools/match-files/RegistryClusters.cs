using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>
/// Which rows of a registry that is no council's are one person, found once for the whole file: a row that a query
/// does not find may be a row of somebody whom it finds.
/// </summary>
internal sealed class RegistryClusters
{
    private readonly int[][] _same;

    public RegistryClusters(FilePair files, RowSearch search, Parameters parameters)
    {
        _same = new int[files.Registry.Count][];
        Parallel.For(
            0,
            _same.Length,
            () => new List<Observation>(),
            (row, _, seen) =>
            {
                var same = new List<int>();
                foreach (var other in search.Find(files.Registry[row], out var _))
                {
                    if (other == row)
                        continue;
                    Compare.Persons(files.Registry[row], files.Registry[other], parameters, seen);
                    if (Cluster.AreOne(seen, parameters))
                        same.Add(other);
                }

                _same[row] = [.. same];
                return seen;
            },
            _ => { }
        );
    }

    /// <summary>
    /// These rows and all that are one person with one of them, found without going through the query's own.
    /// </summary>
    /// <param name="rows">Where to start.</param>
    /// <param name="itself">The query's own row, or -1.</param>
    public IReadOnlyList<int> WithTheirPersons(IReadOnlyList<int> rows, int itself)
    {
        var all = new List<int>(rows);
        var taken = new HashSet<int>(rows) { itself };
        for (var next = 0; next < all.Count; next++)
        {
            foreach (var other in _same[all[next]])
            {
                if (taken.Add(other))
                    all.Add(other);
            }
        }

        return all;
    }
}
