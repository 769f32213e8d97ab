using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.EncounterIngest.Storage.Migrations;

/// <summary>EF cannot make a partitioned table, so this one is written by hand. There is no default partition: it would block making the right one.</summary>
[DbContext(typeof(EncounterIngestDb))]
[Migration("20261122212300_VersionsByDay")]
internal sealed class VersionsByDay : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
        CREATE TABLE {EncounterIngestDb.SchemaOfService}.encounter_version (
            encounter_id uuid NOT NULL,
            version bigint NOT NULL,
            received_at timestamptz NOT NULL,
            particulars_key_id text NOT NULL,
            particulars bytea NOT NULL,
            patient_key_id text NOT NULL,
            patient bytea NOT NULL,
            PRIMARY KEY (encounter_id, version, received_at)
        ) PARTITION BY RANGE (received_at);
        -- Sealed bytes do not compress.
        ALTER TABLE {EncounterIngestDb.SchemaOfService}.encounter_version ALTER particulars SET STORAGE EXTERNAL, ALTER patient SET STORAGE EXTERNAL;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql($"DROP TABLE {EncounterIngestDb.SchemaOfService}.encounter_version;");
}
