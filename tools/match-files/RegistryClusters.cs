using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.MatchFiles;

/// <summary>
/// Which rows of the registry are one person, found once for the whole file by the same rule that folds
/// plans.
/// </summary>
internal sealed class RegistryClusters
{
    private readonly IReadOnlyList<Person> _registry;
    private readonly int[][] _same;

    public RegistryClusters(IReadOnlyList<Person> registry, RowIndex index, Parameters parameters)
    {
        _registry = registry;
        _same = new int[registry.Count][];
        Parallel.For(
            0,
            _same.Length,
            () => new List<Observation>(),
            (row, _, seen) =>
            {
                var same = new List<int>();
                foreach (var other in index.Find(registry[row], out var _))
                {
                    if (other == row)
                        continue;
                    Compare.Persons(registry[row], registry[other], parameters, seen);
                    if (Cluster.AreOne(seen, parameters))
                        same.Add(other);
                }

                _same[row] = [.. same];
                return seen;
            },
            _ => { }
        );
    }

    /// <summary>The rows of the person that a row belongs to, found without going through the row that asks.</summary>
    /// <param name="row">Where to start; comes first.</param>
    /// <param name="itself">The query's own row, or -1.</param>
    /// <param name="taken">Rows that have a person already; the ones found are added.</param>
    public List<int> PersonOf(int row, int itself, HashSet<int> taken)
    {
        var person = new List<int> { row };
        taken.Add(row);
        for (var next = 0; next < person.Count; next++)
        {
            foreach (var other in _same[person[next]])
            {
                if (other != itself && MayJoin(person, other) && taken.Add(other))
                    person.Add(other);
            }
        }

        return person;
    }

    /// <summary>
    /// False where a row and one of a person's are two persons by their numbers, whatever a third row
    /// says.
    /// </summary>
    public bool MayJoin(List<int> person, int row) =>
        person.TrueForAll(other =>
            !Cluster.HaveDifferentNumbers(_registry[other], _registry[row]) || _same[other].Contains(row)
        );
}
