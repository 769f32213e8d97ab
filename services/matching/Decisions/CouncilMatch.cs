using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Storage;
using Safeguarding.Messaging;

namespace Safeguarding.Matching.Decisions;

/// <summary>What a council has last been told of an encounter.</summary>
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

    internal static void Configure(EntityTypeBuilder<CouncilMatch> match)
    {
        match.ToTable("council_match", table => table.ExcludeFromMigrations());
        match.HasKey(row => new { row.EncounterId, row.CouncilCode });
        match.Property(row => row.Plans).HasColumnType("jsonb");
        match.Ignore(row => row.MatchedPlans);
    }

    internal static void Select(NpgsqlBatch batch, Guid[] encounters) =>
        batch.Add(
            """
            SELECT encounter_id, council_code, version, matched, plan_ids, plans, certainty, rule_version, late
            FROM matching.council_match WHERE encounter_id = ANY($1)
            """,
            encounters
        );

    internal static CouncilMatch Read(NpgsqlDataReader row) =>
        new()
        {
            EncounterId = row.GetGuid(0),
            CouncilCode = row.GetString(1),
            Version = row.GetInt64(2),
            Matched = row.GetBoolean(3),
            PlanIds = row.GetFieldValue<Guid[]>(4),
            Plans = row.GetString(5),
            Certainty = row.GetDouble(6),
            RuleVersion = row.GetString(7),
            Late = row.GetBoolean(8),
        };
}
