using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>What other rules, run in shadow, would decide differently.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261126101000_Shadow")]
public sealed class Shadow : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- Of each encounter, by council: only what differs, as last decided. Dropped by the day, as decisions that concern no council are.
        CREATE TABLE matching.shadow_difference (
            day date NOT NULL,
            difference_id uuid NOT NULL,
            encounter_id uuid NOT NULL,
            council_code text NOT NULL,
            plan_ids uuid[] NOT NULL,
            live text NOT NULL,
            shadow text NOT NULL,
            live_posterior double precision NOT NULL,
            shadow_posterior double precision NOT NULL,
            live_version text NOT NULL,
            shadow_version text NOT NULL,
            decided_at timestamptz NOT NULL,
            PRIMARY KEY (difference_id, day)
        ) PARTITION BY RANGE (day);
        CREATE INDEX ix_shadow_difference_encounter_id ON matching.shadow_difference (encounter_id);
        CREATE INDEX ix_shadow_difference_decided_at ON matching.shadow_difference (decided_at);
        """);
}
