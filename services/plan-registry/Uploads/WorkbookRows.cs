using System.Globalization;
using System.IO.Compression;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The rows of the one sheet of an .xlsx workbook that has a column <c>reference</c>, as texts.</summary>
internal static class WorkbookRows
{
    /// <summary>
    /// As sent: a register of 150,000 plans has half of it. It is read from memory, for a workbook begins at
    /// its end.
    /// </summary>
    public const int Largest = 32 * 1024 * 1024;

    private const long LargestUnpacked = 512L * 1024 * 1024;
    private const long LargestTexts = 96L * 1024 * 1024;

    // Without its cache on disk, where the names of children would lie in the open.
    private static readonly OpenXmlConfiguration Reading = new()
    {
        EnableSharedStringCache = false,
        FillMergedCells = false,
    };

    public static async Task<MemoryStream> ReceiveAsync(Stream body, CancellationToken cancellationToken)
    {
        var workbook = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (workbook.Length + read > Largest)
            {
                throw new UploadRefusedException(
                    StatusCodes.Status413PayloadTooLarge,
                    "too-large",
                    $"A workbook may have {Largest / (1024 * 1024)} MiB. Send a larger register as CSV."
                );
            }

            workbook.Write(buffer, 0, read);
        }

        return workbook;
    }

    /// <returns>Number in the sheet, from 1, and fields of each row that is not blank; the first is the
    /// header.</returns>
    public static IEnumerable<(int Number, List<string> Fields)> Read(MemoryStream workbook)
    {
        CheckSizes(workbook);
        string[] withPlans = [.. MiniExcel.GetSheetNames(workbook).Where(name => HasReferences(workbook, name))];
        if (withPlans is not [var sheet])
        {
            throw withPlans is []
                ? new UploadRefusedException(
                    StatusCodes.Status400BadRequest,
                    "header-missing",
                    "No sheet has a first row that names the columns, such as reference, kind, start_date, nhs_number."
                )
                : new UploadRefusedException(
                    StatusCodes.Status400BadRequest,
                    "workbook-sheets",
                    "Several sheets have a column reference. Leave one in the workbook: which are plans cannot be told."
                );
        }

        return Rows(workbook, sheet);
    }

    private static bool HasReferences(MemoryStream workbook, string sheet) =>
        Rows(workbook, sheet)
            .FirstOrDefault()
            .Fields?.Exists(heading => UploadColumn.Find(heading)?.Name == "reference") == true;

    private static IEnumerable<(int Number, List<string> Fields)> Rows(MemoryStream workbook, string sheet)
    {
        var number = 0;
        foreach (
            IDictionary<string, object?> row in workbook.Query(
                useHeaderRow: false,
                sheetName: sheet,
                excelType: ExcelType.XLSX,
                configuration: Reading
            )
        )
        {
            if (++number > LineReader.Most)
                throw ValidatedLines.TooMany();
            var fields = row.Values.Select(Text).ToList();
            if (fields.Exists(field => TypedText.Cell(field) is not null))
                yield return (number, fields);
        }
    }

    private static string Text(object? cell) =>
        cell switch
        {
            null => "",
            string text => text,
            DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            bool yes => yes ? "true" : "false",
            double number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => number.ToString(
                "F0",
                CultureInfo.InvariantCulture
            ),
            _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "",
        };

    // Each entry unpacks to no more than it says, so what it says can be held against the limit before anything is
    // unpacked.
    private static void CheckSizes(MemoryStream workbook)
    {
        using var zip = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        if (zip.GetEntry("xl/workbook.xml") is null)
            throw new InvalidDataException("No workbook.");
        var texts = zip.GetEntry("xl/sharedStrings.xml")?.Length ?? 0;
        if (texts > LargestTexts || zip.Entries.Sum(entry => entry.Length) > LargestUnpacked)
        {
            throw new UploadRefusedException(
                StatusCodes.Status413PayloadTooLarge,
                "too-large",
                "The workbook unpacks to more than a register can be. Send it as CSV."
            );
        }
    }

    /// <summary>What the library throws at a workbook that is none.</summary>
    public static bool IsDamage(Exception exception) =>
        exception is not (UploadRefusedException or OutOfMemoryException or OperationCanceledException);

    public static UploadRefusedException Damaged() =>
        new(
            StatusCodes.Status400BadRequest,
            "workbook-damaged",
            "The workbook cannot be read: it is damaged, or no .xlsx workbook. Open it, save it as .xlsx or \"CSV "
                + "UTF-8\", and send it again."
        );
}
