using System.Runtime.CompilerServices;
using System.Text;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The lines of a body, judged one by one as they come in. Bounded in memory, whatever the body.</summary>
internal static class ValidatedLines
{
    public const int Most = 500_000;

    private const int MostHeaderLines = 64;
    private const int MostClosingLines = 3;

    public static async IAsyncEnumerable<(int Number, UploadLine Line)> From(
        CountedBody body,
        UploadFormat said,
        UploadMode mode,
        DateOnly today,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var lines = await BodyStart.CheckAsync(body.Reader, said, cancellationToken) switch
        {
            UploadFormat.Csv => CsvAsync(new LineReader(body.Reader), mode, today, cancellationToken),
            UploadFormat.Ndjson => NdjsonAsync(new LineReader(body.Reader), today, cancellationToken),
            UploadFormat.Json => JsonAsync(new JsonArrayReader(body.Reader), today, cancellationToken),
            _ => WorkbookAsync(body, mode, today, cancellationToken),
        };
        var count = 0;
        await foreach (var line in SettleAsync(lines, cancellationToken))
        {
            if (line.Line is not UploadLine.Closing)
                count++;
            yield return line;
        }

        if (count == 0)
        {
            throw new UploadRefusedException(
                StatusCodes.Status400BadRequest,
                "file-empty",
                "There are no lines with plans in this file. An empty register would end every plan, so it is never "
                    + "taken as one."
            );
        }
    }

    public static UploadRefusedException TooMany() =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            "too-many-lines",
            $"An upload has at most {Most} lines, blank ones included."
        );

    private static async IAsyncEnumerable<(int Number, UploadLine Line)> CsvAsync(
        LineReader reader,
        UploadMode mode,
        DateOnly today,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var header = await HeaderAsync(reader, mode, cancellationToken);
        while (await reader.NextAsync(cancellationToken))
        {
            if (
                (
                    reader.IsTooLong
                        ? CsvLine.TooLong(header, reader.Line.Span)
                        : CsvLine.Validate(header, reader.Line.Span, today)
                ) is
                { } line
            )
            {
                yield return (reader.Number, line);
            }
        }
    }

    private static async IAsyncEnumerable<(int Number, UploadLine Line)> NdjsonAsync(
        LineReader reader,
        DateOnly today,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (await reader.NextAsync(cancellationToken))
        {
            yield return (
                reader.Number,
                reader.IsTooLong ? NdjsonLine.TooLong(reader.Line.Span) : NdjsonLine.Validate(reader.Line.Span, today)
            );
        }
    }

    private static async IAsyncEnumerable<(int Number, UploadLine Line)> JsonAsync(
        JsonArrayReader reader,
        DateOnly today,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (await reader.NextAsync(cancellationToken))
        {
            yield return (
                reader.Number,
                reader.IsTooLong
                    ? NdjsonLine.TooLong(reader.Element.Span)
                    : NdjsonLine.Validate(reader.Element.Span, today)
            );
        }
    }

    private static async IAsyncEnumerable<(int Number, UploadLine Line)> WorkbookAsync(
        CountedBody body,
        UploadMode mode,
        DateOnly today,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var workbook = await WorkbookRows.ReceiveAsync(body.Reader.AsStream(), cancellationToken);
        using var rows = Guarded(() => WorkbookRows.Read(workbook).GetEnumerator());
        CsvHeader? header = null;
        while (Guarded(rows.MoveNext))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (number, fields) = rows.Current;
            if (header is null)
                header = Known(CsvHeader.Read(fields), mode);
            else if (CsvLine.Validate(header, fields, today) is { } line)
                yield return (number, line);
        }
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (WorkbookRows.IsDamage(exception))
        {
            throw WorkbookRows.Damaged();
        }
    }

    /// <summary>
    /// What a line is may depend on what follows: a closing line closes only where no plan follows, and a line
    /// that ends early may go on in the next.
    /// </summary>
    private static async IAsyncEnumerable<(int Number, UploadLine Line)> SettleAsync(
        IAsyncEnumerable<(int Number, UploadLine Line)> lines,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var closing = new List<(int Number, UploadLine Line)>();
        (int Number, UploadLine Line)? early = null;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            var mayClose = line.Line is UploadLine.Refused { MayClose: true };
            if (early is { } before)
            {
                yield return line.Line is UploadLine.Refused { IsSure: false } && !mayClose
                    ? (before.Number, CsvLine.Broken(before.Line))
                    : before;
            }

            early = null;
            if (mayClose && closing.Count < MostClosingLines)
            {
                closing.Add(line);
                continue;
            }

            foreach (var one in closing)
                yield return one;
            closing.Clear();
            if (line.Line is UploadLine.Registers { IsShort: true })
                early = line;
            else
                yield return line;
        }

        if (early is { } last)
            yield return last;
        foreach (var one in closing)
            yield return (one.Number, new UploadLine.Closing());
    }

    private static async Task<CsvHeader> HeaderAsync(
        LineReader reader,
        UploadMode mode,
        CancellationToken cancellationToken
    )
    {
        if (!await reader.NextAsync(cancellationToken))
            throw new UploadRefusedException(StatusCodes.Status400BadRequest, "file-empty", "The file is empty.");
        var line = Encoding.UTF8.GetString(reader.Line.Span);
        // What Excel is told of the separator is no heading.
        if (line.Trim().Trim('"').StartsWith("sep=", StringComparison.OrdinalIgnoreCase))
        {
            if (line.Trim().Trim('"')[4..] is not ("," or ""))
            {
                throw Refused(
                    "header-separator",
                    "The columns must be separated by commas. Save the file as \"CSV (comma delimited)\" or \"CSV "
                        + "UTF-8\"."
                );
            }

            if (!await reader.NextAsync(cancellationToken))
                throw Refused("file-empty", "The file is empty.");
            line = Encoding.UTF8.GetString(reader.Line.Span);
        }

        // Spreadsheets wrap a heading by a line break within its quotes. In lines of plans none is read so: one
        // forgotten quote would swallow the next child.
        var (header, code, words) = CsvHeader.Read(line);
        for (
            var more = 0;
            code == "header-quotes" && more < MostHeaderLines && await reader.NextAsync(cancellationToken);
            more++
        )
        {
            line += "\n" + Encoding.UTF8.GetString(reader.Line.Span);
            (header, code, words) = CsvHeader.Read(line);
        }

        return Known((header, code, words), mode);
    }

    private static CsvHeader Known((CsvHeader? Header, string? Code, string? Words) read, UploadMode mode) =>
        read.Header is not { } header ? throw Refused(read.Code!, read.Words!)
        : header.IsOfRefusedLines && mode == UploadMode.Full
            ? throw Refused(
                "column-refused-because",
                "This is a list of refused lines: its column refused_because says so. Send it as changes. As the whole "
                    + "register it would end every plan that is not in it."
            )
        : header;

    private static UploadRefusedException Refused(string code, string words) =>
        new(StatusCodes.Status400BadRequest, code, words);
}
