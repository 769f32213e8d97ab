using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Messaging;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>What came of one line.</summary>
/// <param name="Line">Its number in the file.</param>
/// <param name="Reference">The plan it is about; null where that cannot be told.</param>
/// <param name="Outcome">registered, amended, ended, deleted, unchanged, not-kept, skipped, held, discarded or
/// refused.</param>
/// <param name="Code">CPR06 loaded, whatever its warnings; CPR05 loaded with a superseded number; else of the first
/// error.</param>
/// <param name="Words">Of the first error.</param>
/// <param name="Faults">Every error and warning, by column.</param>
internal sealed record LineReport(
    int Line,
    string? Reference,
    string Outcome,
    string Code,
    string? Words,
    IReadOnlyList<LineError>? Faults
);

/// <summary>A page of the report.</summary>
/// <param name="Lines">In the order of the file.</param>
/// <param name="Next">Line number to give as <c>after</c> for the next page; null on the last.</param>
internal sealed record LinesPage(IReadOnlyList<LineReport> Lines, int? Next);

/// <summary>
/// What came of each line, a page at a time: JSON, or NDJSON or CSV where <c>Accept</c> asks for it. Never
/// what the line said.
/// </summary>
internal static class ListLines
{
    private const int Page = 1_000;

    public static async Task<IResult> Handle(
        Guid id,
        int? after,
        string? outcome,
        Caller caller,
        HttpContext http,
        PlanRegistryDb db,
        CancellationToken cancellationToken
    )
    {
        if (await db.OwnUploadAsync(id, caller, cancellationToken) is null)
            return Refusal.NotFound();
        var wanted = Enum.GetValues<PlanOutcome>().Where(known => known.Kebab() == outcome).ToArray();
        if (outcome is not null && wanted is [])
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "outcome-invalid",
                "outcome is registered, amended, ended, deleted, unchanged, not-kept, skipped, held, discarded or "
                    + "refused."
            );
        }

        var lines = await db
            .StagedLines.AsNoTracking()
            .Where(line =>
                line.UploadId == id
                && line.Outcome != null
                && line.Line > (after ?? 0)
                && (outcome == null || wanted.Contains(line.Outcome.Value))
            )
            .OrderBy(line => line.Line)
            .Take(Page + 1)
            .Select(line => new
            {
                line.Line,
                line.Reference,
                line.Outcome,
                line.Faults,
            })
            .ToListAsync(cancellationToken);
        var reports = lines
            .Take(Page)
            .Select(line =>
                Report(
                    line.Line,
                    line.Reference,
                    line.Outcome!.Value,
                    line.Faults is null ? null : LineError.FromJson(line.Faults)
                )
            )
            .ToList();
        int? next = lines.Count > Page ? reports[^1].Line : null;

        var accept = http.Request.Headers.Accept.ToString();
        if (next is not null)
        {
            http.Response.Headers.Link =
                $"</uploads/{id}/lines?after={next}{(outcome is null ? "" : $"&outcome={outcome}")}>; rel=\"next\"";
        }

        return accept.Contains("ndjson", StringComparison.OrdinalIgnoreCase)
                ? TypedResults.Text(Ndjson(reports), "application/x-ndjson", Encoding.UTF8)
            : accept.Contains("text/csv", StringComparison.OrdinalIgnoreCase)
                ? TypedResults.Text(Csv(reports), "text/csv", Encoding.UTF8)
            : TypedResults.Ok(new LinesPage(reports, next));
    }

    private static LineReport Report(
        int line,
        string? reference,
        PlanOutcome outcome,
        IReadOnlyList<LineError>? errors
    ) =>
        new(
            line,
            reference,
            outcome.Kebab(),
            errors?[0].Code ?? (outcome == PlanOutcome.Refused ? CpisCode.NotLoaded : CpisCode.Loaded),
            errors?[0].Words,
            errors
        );

    private static string Ndjson(List<LineReport> reports) =>
        string.Concat(reports.Select(report => JsonSerializer.Serialize(report, HubJson.Options) + "\n"));

    private static string Csv(List<LineReport> reports)
    {
        var csv = new StringBuilder("line,reference,outcome,code,detail,column,words\r\n");
        foreach (var report in reports)
        {
            foreach (var error in report.Faults ?? [new LineError(report.Code, "", null, "")])
            {
                string?[] cells =
                [
                    report.Reference,
                    report.Outcome,
                    error.Code,
                    error.Detail,
                    error.Column,
                    error.Words,
                ];
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{report.Line},{string.Join(',', cells.Select(CsvText.Cell))}\r\n"
                );
            }
        }

        return csv.ToString();
    }
}
