using System.Globalization;

namespace Safeguarding.Mutation;

internal enum Verdict
{
    /// <summary>A test failed.</summary>
    Killed,

    /// <summary>The tests did not come to an end.</summary>
    TimedOut,

    /// <summary>All tests passed.</summary>
    Survived,
}

/// <summary>
/// What was found, a line each, so that a run that is stopped loses nothing. Where the tests change, what survived is
/// tried again.
/// </summary>
internal sealed class Results
{
    private readonly string _file;
    private readonly string _tests;
    private readonly Dictionary<int, Verdict> _verdicts = [];
    private readonly Lock _writing = new();

    public Results(string folder, bool quick, string tests)
    {
        _file = Path.Combine(folder, quick ? "results-quick.tsv" : "results.tsv");
        _tests = tests;
        foreach (var line in File.Exists(_file) ? File.ReadAllLines(_file) : [])
        {
            if (
                line.Split('\t') is [var id, var verdict, var of]
                && Enum.Parse<Verdict>(verdict) is var found
                && (found != Verdict.Survived || of == tests)
            )
            {
                _verdicts[int.Parse(id, CultureInfo.InvariantCulture)] = found;
            }
        }
    }

    public Verdict? Of(Mutant mutant)
    {
        lock (_writing)
            return _verdicts.TryGetValue(mutant.Id, out var verdict) ? verdict : null;
    }

    public void Add(Mutant mutant, Verdict verdict)
    {
        lock (_writing)
        {
            _verdicts[mutant.Id] = verdict;
            File.AppendAllText(_file, $"{mutant.Id}\t{verdict}\t{_tests}\n");
        }
    }
}
