using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Safeguarding.Matching.Storage;

/// <summary>
/// Statements of the hot path: many in one round trip, many rows in one statement, in the transaction that is
/// open.
/// </summary>
internal static class Sql
{
    public static NpgsqlBatch Batch(this MatchingDb db) => new(db.Connection);

    /// <summary>Adds a statement with its values for $1, $2, …</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }

    /// <summary>An array as text: arrays of arrays of different lengths travel so.</summary>
    public static string Array<T>(IEnumerable<T> values) => $"{{{string.Join(',', values)}}}";

    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlDataReader reader,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        await reader.NextResultAsync(cancellationToken);
        return rows;
    }

    public static T? Nullable<T>(this NpgsqlDataReader reader, int ordinal)
        where T : struct => reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<T>(ordinal);
}
