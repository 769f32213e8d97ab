using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// The refused lines as a file: why, and every column as it was sent, so that a person corrects them there and sends
/// the file as changes. What the lines said is kept for a day; after that the reference and the reason are left.
/// </summary>
internal static class ListRefusedLines
{
    private const int Batch = 1_000;

    public static async Task<IResult> Handle(
        Guid id,
        Caller caller,
        PlanRegistryDb db,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        if (await db.OwnUploadAsync(id, caller, cancellationToken) is null)
            return Refusal.NotFound();
        return TypedResults.Stream(
            async body =>
            {
                // Excel takes a file for UTF-8 by its mark alone.
                await using var csv = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
                await csv.WriteAsync(
                    Row(UploadColumn.All.Select(column => (string?)column.Name).Prepend(UploadColumn.Reason))
                );
                var last = 0;
                while (await NextAsync(db, id, last, cancellationToken) is { Count: > 0 } lines)
                {
                    foreach (var line in lines)
                        await csv.WriteAsync(Row(ValuesAsSent.Of(line, sealer).Prepend(Why(line))));
                    last = lines[^1].Line;
                }
            },
            "text/csv; charset=utf-8"
        );
    }

    private static Task<List<StagedLine>> NextAsync(
        PlanRegistryDb db,
        Guid id,
        int after,
        CancellationToken cancellationToken
    ) =>
        db
            .StagedLines.AsNoTracking()
            .Where(line => line.UploadId == id && line.Outcome == PlanOutcome.Refused && line.Line > after)
            .OrderBy(line => line.Line)
            .Take(Batch)
            .ToListAsync(cancellationToken);

    private static string Why(StagedLine line) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Line {line.Line}: {string.Join(" ", LineError.FromJson(line.Faults!).Select(error => error.Column is null ? error.Words : $"{error.Column}: {error.Words}"))}"
        );

    // A cell that begins with an apostrophe for the spreadsheet's sake loses it when the file comes back, but of names,
    // which may begin with one: whoever corrects the line takes it off there.
    private static string Row(IEnumerable<string?> values) =>
        string.Join(',', values.Select(value => CsvText.Cell(value?.ReplaceLineEndings(" ")))) + "\r\n";
}
