using Npgsql;
using NpgsqlTypes;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>
/// The tables of the ODS file: <c>ods_organisation</c>, replaced as a whole, and <c>ods_release</c>, whose one row says
/// which file that is. They hold published facts only, and requests of trusts do not reach them.
/// </summary>
internal static class OdsTables
{
    private const string Schema = EncounterIngestDb.SchemaOfService;

    // Rows that stay as they are cost nothing. One load at a time.
    private const string Replacement = $"""
        WITH file AS MATERIALIZED (
            SELECT code, name, kind, operated_by, is_active, opened_on, closed_on, successors::text[] AS successors
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
                AS f (code, name, kind, operated_by, is_active, opened_on, closed_on, successors)),
        removed AS (
            DELETE FROM {Schema}.ods_organisation AS held
            WHERE NOT EXISTS (SELECT FROM file WHERE file.code = held.code) RETURNING 1),
        written AS (
            INSERT INTO {Schema}.ods_organisation AS held
                (code, name, kind, operated_by, is_active, opened_on, closed_on, successors)
            SELECT * FROM file
            ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind,
                operated_by = excluded.operated_by, is_active = excluded.is_active, opened_on = excluded.opened_on,
                closed_on = excluded.closed_on, successors = excluded.successors
            WHERE (held.name, held.kind, held.operated_by, held.is_active, held.opened_on, held.closed_on,
                    held.successors)
                IS DISTINCT FROM (excluded.name, excluded.kind, excluded.operated_by, excluded.is_active,
                    excluded.opened_on, excluded.closed_on, excluded.successors)
            RETURNING held.xmax = 0 AS is_new)
        SELECT (SELECT count(*) FROM written WHERE is_new), (SELECT count(*) FROM written WHERE NOT is_new),
            (SELECT count(*) FROM removed)
        """;

    private const string Release = $"""
        INSERT INTO {Schema}.ods_release (is_current, id, published_on, loaded_at) VALUES (true, $1, $2, $3)
        ON CONFLICT (is_current) DO UPDATE SET id = excluded.id, published_on = excluded.published_on,
            loaded_at = excluded.loaded_at
        """;

    /// <summary>Replaces all rows, in the transaction that is open.</summary>
    /// <returns>How many rows are new, changed and deleted.</returns>
    public static async Task<(long Added, long Changed, long Removed)> ReplaceAsync(
        NpgsqlConnection connection,
        Guid release,
        DateOnly? publishedOn,
        DateTimeOffset now,
        IReadOnlyCollection<OdsOrganisation> rows,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"LOCK TABLE {Schema}.ods_release IN EXCLUSIVE MODE");
        batch.Add(
            Replacement,
            Sql.Column(NpgsqlDbType.Text, rows.Select(row => row.Code)),
            Sql.Column(NpgsqlDbType.Text, rows.Select(row => row.Name)),
            Sql.Column(NpgsqlDbType.Text, rows.Select(row => row.Kind.ToString())),
            Sql.Column(NpgsqlDbType.Text, rows.Select(row => row.OperatedBy)),
            Sql.Column(NpgsqlDbType.Boolean, rows.Select(row => row.IsActive)),
            Sql.Column(NpgsqlDbType.Date, rows.Select(row => row.OpenedOn)),
            Sql.Column(NpgsqlDbType.Date, rows.Select(row => row.ClosedOn)),
            Sql.Column(NpgsqlDbType.Text, rows.Select(row => Sql.Array(row.Successors)))
        );
        batch.Add(Release, release, Sql.Value(NpgsqlDbType.Date, publishedOn), now);
        batch.Timeout = 300;
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    /// <summary>Which file is loaded; null where none is.</summary>
    public static async Task<Guid?> ReleaseAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"SELECT id FROM {Schema}.ods_release");
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    }

    public static async Task<List<OdsOrganisation>> ReadAsync(
        NpgsqlDataSource source,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT code, name, kind, operated_by, is_active, opened_on, closed_on, successors
            FROM {Schema}.ods_organisation
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(
            row => new OdsOrganisation(
                row.GetString(0),
                row.GetString(1),
                Enum.Parse<DirectoryKind>(row.GetString(2)),
                row.IsDBNull(3) ? null : row.GetString(3),
                row.GetBoolean(4),
                row.Nullable<DateOnly>(5),
                row.Nullable<DateOnly>(6),
                row.GetFieldValue<string[]>(7) is [_, ..] successors ? successors : []
            ),
            cancellationToken
        );
    }
}
