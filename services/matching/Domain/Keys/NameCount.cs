using Safeguarding.Matching.Rules.Frequencies;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Domain.Keys;

/// <summary>How many people bear each name that five or more bear.</summary>
/// <param name="Version">0 where nothing was counted yet.</param>
/// <param name="People">People counted.</param>
/// <param name="Bearers">By keyed MAC of the name.</param>
internal sealed record NameCount(long Version, long People, IReadOnlyDictionary<long, int> Bearers)
{
    public static NameCount None { get; } = new(0, 0, new Dictionary<long, int>());

    /// <summary>The parameters with the shares of this patient's names raised by the count.</summary>
    public Parameters Raise(Parameters parameters, PatientNames patient)
    {
        if (Version == 0)
            return parameters;
        var bearers = new Dictionary<BorneName, int>();
        for (var i = 0; i < patient.Names.Count; i++)
        {
            // While keys rotate, a name is counted under the old key and the new one, and who came twice under both.
            var most = 0;
            foreach (var macs in patient.Macs)
                most = Math.Max(most, Bearers.GetValueOrDefault(macs[i]));
            if (most > 0)
                bearers[patient.Names[i]] = most;
        }

        var learned = new LearnedNames(FormattableString.Invariant($"learned-{Version}"), People, bearers);
        return parameters with { Population = parameters.Population.RaisedBy(learned) };
    }
}
