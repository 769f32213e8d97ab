using Npgsql;
using NpgsqlTypes;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// Statements with values for $1, $2, …: many in one round trip, many rows in one statement, where EF Core would need
/// one for each row.
/// </summary>
public static class Sql
{
    /// <summary>A statement with its values.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="values">For $1, $2, …; a parameter is taken as it is.</param>
    public static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddValues(values);
        return command;
    }

    /// <summary>Adds a statement with its values.</summary>
    /// <param name="batch">To this.</param>
    /// <param name="sql">The text.</param>
    /// <param name="values">For $1, $2, …; a parameter is taken as it is.</param>
    public static void Add(this NpgsqlBatch batch, string sql, params object[] values) =>
        batch.BatchCommands.Add(Command(sql, values));

    /// <summary>Adds the values for $1, $2, … of a statement.</summary>
    /// <param name="parameters">To these.</param>
    /// <param name="values">A parameter is taken as it is.</param>
    public static void AddValues(this NpgsqlParameterCollection parameters, params object[] values)
    {
        foreach (var value in values)
            parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
    }

    /// <summary>A value that may be null.</summary>
    /// <param name="type">Its type, which null does not tell.</param>
    /// <param name="value">The value.</param>
    public static NpgsqlParameter Value(NpgsqlDbType type, object? value) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>One column of many rows, for <c>unnest</c> or <c>ANY</c>.</summary>
    /// <param name="type">The type of one.</param>
    /// <param name="values">A value a row.</param>
    public static NpgsqlParameter Column<T>(NpgsqlDbType type, IEnumerable<T> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    /// <summary>An array as text: arrays of arrays of different lengths travel so.</summary>
    /// <param name="values">Its elements, none of which needs quotes.</param>
    public static string Array<T>(IEnumerable<T> values) => $"{{{string.Join(',', values)}}}";

    /// <summary>The rows of one statement; the reader then stands before those of the next.</summary>
    /// <param name="reader">Of a batch.</param>
    /// <param name="row">Reads one.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
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

    /// <summary>A value, or null where the column is.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="ordinal">Which column.</param>
    public static T? Nullable<T>(this NpgsqlDataReader reader, int ordinal)
        where T : struct => reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<T>(ordinal);
}
