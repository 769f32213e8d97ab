namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>
/// One thing wrong with what a council sent: where, a stable code, and words. Never the value, which may be
/// personal data.
/// </summary>
internal sealed record ValidationError(PlanField? Field, string Code, string Words);

internal sealed class ValidationErrors
{
    // More than this helps nobody, and a hostile line should not grow its own report.
    private const int Limit = 10;

    private readonly List<ValidationError> _errors = [];
    private readonly List<ValidationError> _warnings = [];

    public bool Any => _errors.Count > 0;

    public IReadOnlyList<ValidationError> All => _errors;

    /// <summary>What is reported and refuses nothing.</summary>
    public IReadOnlyList<ValidationError> Warnings => _warnings;

    public void Warn(PlanField? field, string code, string words)
    {
        var warning = new ValidationError(field, code, words);
        if (_warnings.Count < Limit && !_warnings.Contains(warning))
            _warnings.Add(warning);
    }

    /// <summary>Makes warnings of those errors that cost their own field and nothing else.</summary>
    public void TakeAsWarnings(Predicate<ValidationError> costsOnlyItsField)
    {
        foreach (var error in _errors.FindAll(costsOnlyItsField))
            Warn(error.Field, error.Code, error.Words);
        _errors.RemoveAll(costsOnlyItsField);
    }

    public void Add(PlanField? field, string code, string words)
    {
        var error = new ValidationError(field, code, words);
        if (_errors.Count < Limit && !_errors.Contains(error))
            _errors.Add(error);
    }
}
