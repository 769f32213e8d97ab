using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Shadow;

/// <summary>
/// Parameters that decide beside the live ones (<c>Rules__Shadow</c>), or none. Nobody is notified of what they
/// decide.
/// </summary>
public sealed partial class ShadowRules(Parameters? parameters, ILogger<ShadowRules> logger)
{
    private int _failures;

    internal bool IsOn => parameters is not null;

    /// <summary>
    /// What they decide; null where there are none, or where they failed: the live decision stands alone
    /// then.
    /// </summary>
    /// <param name="encounterId">What is logged where they failed.</param>
    /// <param name="patient">The patient.</param>
    /// <param name="candidates">The same as the live rules decide.</param>
    /// <param name="raise">Raises the shares of names as for the live rules; null where nothing is raised.</param>
    internal Decision? Decide(
        Guid encounterId,
        Person patient,
        IReadOnlyList<Candidate> candidates,
        Func<Parameters, Parameters>? raise = null
    )
    {
        if (parameters is null)
            return null;
        try
        {
            return Rules.Decide.From(patient, candidates, raise is null ? parameters : raise(parameters));
        }
        // A document under trial may lack a figure that only some patients ask for, and that must not cost anybody an
        // alert.
        catch (Exception exception)
        {
            MatchingMetrics.ShadowFailed.Add(1);
            if (Interlocked.Increment(ref _failures) == 1)
                Failed(logger, parameters.Version, encounterId, exception.GetType().Name);
            return null;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Shadow rules {Version} could not decide encounter {EncounterId} ({Failure}); further failures "
            + "are only counted"
    )]
    private static partial void Failed(ILogger logger, string version, Guid encounterId, string failure);
}
