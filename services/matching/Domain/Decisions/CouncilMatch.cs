using System.Text.Json;
using Safeguarding.Contracts.Matches;
using Safeguarding.Messaging;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>What a council was last notified of about an encounter.</summary>
internal sealed class CouncilMatch
{
    public required Guid EncounterId { get; init; }

    public required string CouncilCode { get; init; }

    /// <summary>Version of the event published last, matched or withdrawn.</summary>
    public required long Version { get; init; }

    /// <summary>False after a withdrawal.</summary>
    public required bool Matched { get; init; }

    public required Guid[] PlanIds { get; init; }

    /// <summary>The plans as published, as JSON.</summary>
    public required string Plans { get; init; }

    public required double Certainty { get; init; }

    public required string RuleVersion { get; init; }

    public required bool Late { get; init; }

    public IReadOnlyList<MatchedPlan> MatchedPlans =>
        JsonSerializer.Deserialize<MatchedPlan[]>(Plans, HubJson.Options)!;
}
