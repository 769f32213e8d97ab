using System.Globalization;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>
/// Lists, beside the decisions, what other parameters would decide differently about the same
/// queries.
/// </summary>
internal sealed class ShadowFile : IDisposable
{
    private readonly StreamWriter _text;
    private readonly FilePair _files;
    private readonly QueryOneRow _query;
    private readonly string _version;
    private readonly SortedDictionary<string, int> _changes = new(StringComparer.Ordinal);

    private ShadowFile(StreamWriter text, FilePair files, QueryOneRow query, string version) =>
        (_text, _files, _query, _version) = (text, files, query, version);

    public static ShadowFile Beside(string decisions, Parameters parameters, FilePair files, RowSearch search)
    {
        var text = new StreamWriter(Path.ChangeExtension(decisions, ".shadow.csv"));
        text.WriteLine("registry_id,encounter_id,posterior,outcome,shadow_posterior,shadow_outcome");
        return new(text, files, new QueryOneRow(files, search, parameters), parameters.Version);
    }

    public void Write(Answer live)
    {
        var ours = live.Links.ToDictionary(link => link.Row, link => link.Own);
        var theirs = _query.Find(live.Encounter).Links.ToDictionary(link => link.Row, link => link.Own);
        foreach (var row in ours.Keys.Union(theirs.Keys).Order())
        {
            var (before, after) = (Find(ours, row), Find(theirs, row));
            if (before.Outcome == after.Outcome)
                continue;
            var change = $"{before.Outcome} to {after.Outcome}";
            _changes[change] = _changes.GetValueOrDefault(change) + 1;
            _text.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{DecisionFile.Quoted(_files.RegistryIds[row])},{DecisionFile.Quoted(_files.EncounterIds[live.Encounter])},{before.Posterior:0.########},{before.Outcome},{after.Posterior:0.########},{after.Outcome}"
                )
            );
        }
    }

    public void End(TextWriter text)
    {
        text.WriteLine();
        text.WriteLine(
            $"shadow, parameters {_version}: "
                + (
                    _changes.Count == 0
                        ? "no pair would have another outcome"
                        : string.Join("; ", _changes.Select(change => $"{change.Value:N0} from {change.Key}"))
                )
        );
    }

    public void Dispose() => _text.Dispose();

    private static (string Outcome, double Posterior) Find(Dictionary<int, ScoredCandidate> rows, int row) =>
        rows.TryGetValue(row, out var scored)
            ? (DecisionFile.Name(scored.Outcome), scored.Posterior)
            : (DecisionFile.Name(CandidateOutcome.NoMatch), 0);
}
