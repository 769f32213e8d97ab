using System.Runtime.CompilerServices;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The lines of a body, judged one by one as they come in. Bounded in memory, whatever the body.</summary>
internal static class JudgedLines
{
    public const int Most = 500_000;

    public static async IAsyncEnumerable<(int Number, UploadLine Line)> From(
        LineReader reader, UploadFormat format, DateOnly today, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var header = format == UploadFormat.Csv ? await HeaderAsync(reader, cancellationToken) : null;
        var count = 0;
        while (await reader.NextAsync(cancellationToken))
        {
            if (++count > Most)
                throw TooMany();
            yield return (reader.Number, Judge(reader, header, today));
        }

        if (count == 0)
        {
            throw new UploadRefusedException(StatusCodes.Status400BadRequest, "file-empty",
                "There are no lines with plans in this file. An empty register would end every plan, so it is never taken as one.");
        }
    }

    public static UploadRefusedException TooMany() =>
        new(StatusCodes.Status413PayloadTooLarge, "too-many-lines", $"An upload has at most {Most} lines, blank ones included.");

    private static UploadLine Judge(LineReader reader, CsvHeader? header, DateOnly today) => (header, reader.IsTooLong) switch
    {
        (null, false) => NdjsonLine.Judge(reader.Line.Span, today),
        (null, true) => NdjsonLine.TooLong(reader.Line.Span),
        (not null, false) => CsvLine.Judge(header, reader.Line.Span, today),
        (not null, true) => CsvLine.TooLong(header, reader.Line.Span),
    };

    private static async Task<CsvHeader> HeaderAsync(LineReader reader, CancellationToken cancellationToken)
    {
        if (!await reader.NextAsync(cancellationToken))
            throw new UploadRefusedException(StatusCodes.Status400BadRequest, "file-empty", "The file is empty.");
        var (header, code, words) = CsvHeader.Read(reader.Line.Span);
        return header ?? throw new UploadRefusedException(StatusCodes.Status400BadRequest, code!, words!);
    }
}
