using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Domain.Uploads;

/// <summary>
/// What came of some lines of an upload, for the record of refusals. It is reported when it is
/// committed.
/// </summary>
internal sealed class EvaluatedLines
{
    private readonly List<RefusedLine> _refused = [];
    private readonly List<string> _accepted = [];

    public IReadOnlyList<RefusedLine> Refused => _refused;

    /// <summary>References of the plans that are now as the line says.</summary>
    public IReadOnlyList<string> Accepted => _accepted;

    public void Add(StagedLine line, PlanOutcome outcome, ValidationError? why)
    {
        if (outcome == PlanOutcome.Refused)
        {
            // What was wrong with the line alone comes first, as in its report.
            var first = why is not null ? LineError.Of(why) : LineError.FromJson(line.Faults!)[0];
            _refused.Add(new RefusedLine(line.Line, line.Reference, first.Detail, first.Column));
        }
        else if (line.Reference is { } reference)
        {
            _accepted.Add(reference);
        }
    }
}

/// <summary>A line that was refused.</summary>
/// <param name="Line">Its number in the file.</param>
/// <param name="Reference">Null where it cannot be told which plan the line was about.</param>
/// <param name="Code">Why.</param>
/// <param name="Column">Of which column; null where it is of the whole line.</param>
internal sealed record RefusedLine(int Line, string? Reference, string Code, string? Column);
