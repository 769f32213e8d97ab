using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>
/// Finds the rows that may be a query: as the service finds plans. Where the files have columns that no plan has, or
/// are those of another population, by any two traits, whatever they are.
/// </summary>
internal sealed class RowSearch : IDisposable
{
    private readonly RegisterIndex? _asService;
    private readonly RowIndex? _byAnyTwo;

    public RowSearch(FilePair files, bool byAnyTwo)
    {
        if (byAnyTwo)
            _byAnyTwo = new(files.Registry);
        else
            _asService = new(files.Candidates);
    }

    public string InWords =>
        _byAnyTwo is null
            ? "rows are found by the block keys of the service"
            : "rows are found by any two traits: more than the service finds";

    /// <summary>The rows, ascending; capped where a key was left out because too many share it.</summary>
    public IReadOnlyList<int> Find(Person query, out bool capped)
    {
        if (_byAnyTwo is not null)
            return _byAnyTwo.Find(query, out capped);
        var (found, crowded) = _asService!.Find(query);
        capped = crowded > 0;
        return [.. found.Select(candidate => RegisterIndex.RowOf(candidate.PlanId))];
    }

    public void Dispose() => _asService?.Dispose();
}
