namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>
/// One version of a council's rules; versions are added and never changed, so an alert's explanation can
/// always be looked up.
/// </summary>
internal sealed class AlertRuleSet
{
    public required string CouncilCode { get; init; }
    public required long Version { get; init; }
    public required Guid Id { get; init; }
    public required AlertRules Rules { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
    public required string MadeBy { get; init; }
}

/// <summary>The rules that hold for a council now; version 0 is none.</summary>
internal sealed record RulesInForce(long Version, AlertRules Rules)
{
    public static RulesInForce None { get; } = new(0, AlertRules.None);
}
