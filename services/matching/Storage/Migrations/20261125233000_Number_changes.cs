using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>Changes of NHS numbers, and the other numbers of a plan's subject that follow from them.</summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261125233000_Number_changes")]
public sealed class Number_changes : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- Source and event id are the sender's, so a repeat is known as one. MACs find a change by either number.
        CREATE TABLE matching.number_change (
            change_id uuid PRIMARY KEY,
            source text NOT NULL,
            event_id text NOT NULL,
            kind text NOT NULL,
            restricted boolean NOT NULL,
            numbers_key text NOT NULL,
            numbers bytea NOT NULL,
            superseded_mac bytea NOT NULL,
            current_mac bytea NOT NULL,
            state text NOT NULL,
            changed_at timestamptz NOT NULL,
            received_at timestamptz NOT NULL,
            decided_at timestamptz,
            decided_by text,
            reason text,
            UNIQUE (source, event_id)
        );
        CREATE INDEX ix_number_change_superseded ON matching.number_change (superseded_mac) WHERE state = 'followed';
        CREATE INDEX ix_number_change_current ON matching.number_change (current_mac) WHERE state = 'followed';
        CREATE INDEX ix_number_change_held ON matching.number_change (received_at) WHERE state = 'held';

        -- Sealed, as the subject is.
        ALTER TABLE matching.plan ADD COLUMN aliases_key text, ADD COLUMN aliases bytea;
        """);
}
