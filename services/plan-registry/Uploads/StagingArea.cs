using Npgsql;
using NpgsqlTypes;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Storage;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Where the lines of an upload are put as they come in, some thousand at a time, each batch committed by itself. A
/// connection is taken for as long as a batch is copied: a slow body must not hold one.
/// </summary>
internal sealed class StagingArea(NpgsqlDataSource source, Guid uploadId)
{
    private const int Batch = 2_000;

    public int Lines { get; private set; }

    public static UploadRefusedException Abandoned() =>
        new(
            StatusCodes.Status409Conflict,
            "cut-off",
            "The hub lost its storage for too long while the body came in. Nothing was changed; send it again."
        );

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
        await using var analyze = source.CreateCommand("SELECT plan_registry.analyze('upload_line')");
        await analyze.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ThrowAwayAsync(string code, string words, DateTimeOffset now)
    {
        await using var command = source.CreateCommand(
            """
            WITH lines AS (DELETE FROM plan_registry.upload_line WHERE upload_id = $1)
            UPDATE plan_registry.upload SET state = 'Failed', failure_code = $2, failure_words = $3, finished_at = $4,
                lines = 0 WHERE id = $1
            """
        );
        command.Parameters.AddValues(uploadId, code, words, now);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task StageAsync(
        List<(int Number, UploadLine Line)> batch,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        if (batch.Count == 0)
            return;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        Lines += batch.Count;
        // First of all, and with the row's lock: who gives the upload up takes all its lines away, and none may come
        // after.
        await using (
            var progress = new NpgsqlCommand(
                """
                UPDATE plan_registry.upload SET lines = $2, heard_at = clock_timestamp()
                WHERE id = $1 AND state = 'Receiving'
                """,
                connection
            )
            {
                Parameters =
                {
                    new() { Value = uploadId },
                    new() { Value = Lines },
                },
            }
        )
        {
            if (await progress.ExecuteNonQueryAsync(cancellationToken) == 0)
                throw Abandoned();
        }

        var known = await KnownGuessesAsync(connection, batch, cancellationToken);
        await using (
            var copy = await connection.BeginBinaryImportAsync(
                """
                COPY plan_registry.upload_line (upload_id, line, deed, reference, reference_is_sure, kind, start_date,
                    end_date, expected_date,
                    restricted, subject, subject_key_id, nhs_number_mac, name_mac, facts_mac, has_mother,
                        speaks_of_mother, faults, sent, sent_key_id) FROM STDIN (FORMAT BINARY)
                """,
                cancellationToken
            )
        )
        {
            foreach (var (number, line) in batch)
                await WriteAsync(copy, number, line, known, sealer, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        batch.Clear();
    }

    // Where columns have shifted, the cell that stands for the reference may be anything, a piece of a name too. It is
    // kept only where the register has such a plan, which it then keeps from being ended.
    private async Task<HashSet<string>> KnownGuessesAsync(
        NpgsqlConnection connection,
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
            connection
        )
        {
            Parameters =
            {
                new() { Value = uploadId },
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
        await copy.WriteAsync(uploadId, NpgsqlDbType.Uuid, cancellationToken);
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
        var sent = line is UploadLine.Refused { Sent: { } said } ? sealer.Seal(said) : null;
        await WriteAsync(copy, sent?.Value, NpgsqlDbType.Bytea, cancellationToken);
        await WriteAsync(copy, sent?.KeyId, NpgsqlDbType.Text, cancellationToken);
    }

    private static string? FaultsOf(UploadLine line) =>
        line switch
        {
            UploadLine.Refused refused => LineError.Json(refused.Errors),
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
