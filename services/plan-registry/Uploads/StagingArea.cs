using Npgsql;
using NpgsqlTypes;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Plans;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Where the lines of an upload are put as they come in, some thousand at a time, each batch committed by
/// itself.
/// </summary>
internal sealed class StagingArea : IAsyncDisposable
{
    private const int Batch = 2_000;

    private readonly NpgsqlConnection _connection;

    private StagingArea(NpgsqlConnection connection, Guid uploadId) => (_connection, UploadId) = (connection, uploadId);

    public Guid UploadId { get; }

    public int Lines { get; private set; }

    public static async Task<StagingArea> OpenAsync(
        NpgsqlDataSource source,
        Guid uploadId,
        CancellationToken cancellationToken
    )
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(hashtextextended($1, 0))", connection)
        {
            Parameters = { new() { Value = LockName(uploadId) } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new StagingArea(connection, uploadId);
    }

    public static string LockName(Guid uploadId) => $"upload:{uploadId}";

    public async Task TakeAsync(
        IAsyncEnumerable<(int Number, UploadLine Line)> lines,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        var batch = new List<(int, UploadLine)>(Batch);
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            batch.Add(line);
            if (batch.Count == Batch)
                await StageAsync(batch, sealer, cancellationToken);
        }

        await StageAsync(batch, sealer, cancellationToken);
        // A whole register has just come in: without fresh statistics the planner would think of it as one line, and
        // scan it for each.
        await using var analyze = new NpgsqlCommand("ANALYZE plan_registry.upload_line", _connection);
        await analyze.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ThrowAwayAsync(NpgsqlDataSource source, string code, string words, DateTimeOffset now)
    {
        // Not the staging connection: it may be broken, or in the middle of a copy.
        await using var command = source.CreateCommand(
            """
            WITH lines AS (DELETE FROM plan_registry.upload_line WHERE upload_id = $1)
            UPDATE plan_registry.upload SET state = 'Failed', failure_code = $2, failure_words = $3, finished_at = $4,
                lines = 0 WHERE id = $1
            """
        );
        foreach (var value in new object[] { UploadId, code, words, now })
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection.State == System.Data.ConnectionState.Open)
        {
            await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", _connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await _connection.DisposeAsync();
    }

    private async Task StageAsync(
        List<(int Number, UploadLine Line)> batch,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        if (batch.Count == 0)
            return;
        var known = await KnownGuessesAsync(batch, cancellationToken);
        await using (
            var copy = await _connection.BeginBinaryImportAsync(
                """
                COPY plan_registry.upload_line (upload_id, line, deed, reference, reference_is_sure, kind, start_date,
                    end_date, expected_date,
                    restricted, subject, subject_key_id, nhs_number_mac, name_mac, facts_mac, has_mother,
                        speaks_of_mother, faults) FROM STDIN (FORMAT BINARY)
                """,
                cancellationToken
            )
        )
        {
            foreach (var (number, line) in batch)
                await WriteAsync(copy, number, line, known, sealer, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }

        Lines += batch.Count;
        batch.Clear();
        await using var progress = new NpgsqlCommand(
            "UPDATE plan_registry.upload SET lines = $2 WHERE id = $1",
            _connection
        )
        {
            Parameters =
            {
                new() { Value = UploadId },
                new() { Value = Lines },
            },
        };
        await progress.ExecuteNonQueryAsync(cancellationToken);
    }

    // Where columns have shifted, the cell that stands for the reference may be anything, a piece of a name too. It is
    // kept only where the register has such a plan, which it then keeps from being ended.
    private async Task<HashSet<string>> KnownGuessesAsync(
        List<(int Number, UploadLine Line)> batch,
        CancellationToken cancellationToken
    )
    {
        string[] guesses =
        [
            .. batch
                .Select(line => line.Line)
                .OfType<UploadLine.Refused>()
                .Where(refused => !refused.IsSure)
                .Select(refused => refused.Reference)
                .OfType<string>(),
        ];
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (guesses.Length == 0)
            return known;
        await using var command = new NpgsqlCommand(
            """
            SELECT plan.reference FROM plan_registry.upload JOIN plan_registry.plan USING (council_code)
                WHERE upload.id = $1 AND plan.reference = ANY($2)
            """,
            _connection
        )
        {
            Parameters =
            {
                new() { Value = UploadId },
                new() { Value = guesses },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            known.Add(rows.GetString(0));
        return known;
    }

    private async Task WriteAsync(
        NpgsqlBinaryImporter copy,
        int number,
        UploadLine line,
        HashSet<string> known,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        var (deed, reference, isSure) = line switch
        {
            UploadLine.Registers registers => (LineAction.Registers, registers.Reference, true),
            UploadLine.Ends ends => (LineAction.Ends, ends.Reference, true),
            UploadLine.Deletes deletes => (LineAction.Deletes, deletes.Reference, true),
            UploadLine.Closing => (LineAction.Closes, null, true),
            UploadLine.Refused { IsSure: false, Reference: { } guess } when known.Contains(guess) => (
                LineAction.Refused,
                guess,
                false
            ),
            UploadLine.Refused refused => (
                LineAction.Refused,
                refused.IsSure ? refused.Reference : null,
                refused.IsSure
            ),
            _ => throw new InvalidOperationException("A line is one of five."),
        };
        var facts = line is UploadLine.Registers says ? SealedFacts.Of(says.Facts, sealer) : null;
        var end = line is UploadLine.Ends ended ? ended.EndDate : facts?.EndDate;

        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(UploadId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(number, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(deed.ToString(), NpgsqlDbType.Text, cancellationToken);
        await WriteAsync(copy, reference, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(isSure, NpgsqlDbType.Boolean, cancellationToken);
        await WriteAsync(copy, facts?.Kind.ToString(), NpgsqlDbType.Text, cancellationToken);
        await WriteAsync(copy, facts?.StartDate, NpgsqlDbType.Date, cancellationToken);
        await WriteAsync(copy, end, NpgsqlDbType.Date, cancellationToken);
        await WriteAsync(copy, facts?.ExpectedDate, NpgsqlDbType.Date, cancellationToken);
        await WriteAsync(copy, facts?.Restricted, NpgsqlDbType.Boolean, cancellationToken);
        await WriteAsync(copy, facts?.Subject.Value, NpgsqlDbType.Bytea, cancellationToken);
        await WriteAsync(copy, facts?.Subject.KeyId, NpgsqlDbType.Text, cancellationToken);
        await WriteAsync(copy, facts?.NhsNumberMac, NpgsqlDbType.Bytea, cancellationToken);
        await WriteAsync(copy, facts?.NameMac, NpgsqlDbType.Bytea, cancellationToken);
        await WriteAsync(copy, facts?.FactsMac, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(facts?.HasMother ?? false, NpgsqlDbType.Boolean, cancellationToken);
        await copy.WriteAsync(facts?.SpeaksOfMother ?? false, NpgsqlDbType.Boolean, cancellationToken);
        await WriteAsync(copy, FaultsOf(line), NpgsqlDbType.Jsonb, cancellationToken);
    }

    private static string? FaultsOf(UploadLine line) =>
        line switch
        {
            UploadLine.Refused refused => LineError.Json(refused.Faults),
            UploadLine.Registers { Warnings.Count: > 0 } registers => LineError.WarningsJson(registers.Warnings),
            UploadLine.Closing => LineError.WarningsJson([UploadLine.Closing.Why]),
            _ => null,
        };

    private static Task WriteAsync<T>(
        NpgsqlBinaryImporter copy,
        T? value,
        NpgsqlDbType type,
        CancellationToken cancellationToken
    ) => value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, type, cancellationToken);
}
