using System.IO.Compression;
using System.Text;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Uploads;

namespace Safeguarding.PlanRegistry.Tests.Validating;

/// <summary>Files as people's programs really write them, and what the hub makes of each line.</summary>
public sealed class What_programs_write
{
    private const string Head = "reference,kind,start_date,nhs_number,family_name,given_names,birth_date,sex,postcode";
    private const string One = "DLV-001,child-protection,2026-03-01,9005000015,Testfield,Ada,2018-05-04,female,ZZ1 1AA";
    private const string Two = "DLV-002,child-protection,2026-03-01,9005000023,Testfield,Ada,2018-05-04,female,ZZ1 1AA";

    [Theory]
    [InlineData("u01-blank-comma-rows.csv", "text/csv", "good good good")]
    [InlineData("u03-excel-16-row-block.csv", "text/csv", "good good good")]
    [InlineData("u05-cr-only.csv", "text/csv", "good good good")]
    [InlineData("u07-double-bom.csv", "text/csv", "good good good")]
    [InlineData("u09-nhs-nbsp-apostrophe.csv", "text/csv", "good good good good good good good")]
    [InlineData(
        "u11-placeholder-names.csv",
        "text/csv",
        "too-little-to-match too-little-to-match too-little-to-match too-little-to-match too-little-to-match "
            + "too-little-to-match "
            + "too-little-to-match too-little-to-match too-little-to-match too-little-to-match too-little-to-match "
            + "too-little-to-match too-little-to-match"
    )]
    [InlineData(
        "u12-optional-na.csv",
        "text/csv",
        "taken:postcode-format taken:postcode-format taken:phone-format taken:phone-format taken:sex-unknown "
            + "taken:sex-unknown taken:sex-unknown "
            + "taken:date-format taken:date-format taken:postcode-format,phone-format "
            + "taken:postcode-format,phone-format"
    )]
    [InlineData("u13-ctrl-z.csv", "text/csv", "good good good")]
    [InlineData("u15-trailer-record.csv", "text/csv", "good good good closing")]
    [InlineData("u16-gzip-without-encoding.gz", "text/csv", "gzip-not-declared")]
    [InlineData("u20-x-gzip.gz", "text/csv", "gzip-not-declared")]
    [InlineData("u22-xlsx.xlsx", "text/csv", "workbook")]
    [InlineData("u22-xlsx.xlsx", UploadFormats.WorkbookType, "workbook-damaged")]
    [InlineData("u23-charset-utf8.csv", "text/csv; charset=utf8", "good good good")]
    [InlineData("u26-utf16le-ndjson.ndjson", "application/x-ndjson", "header-encoding")]
    [InlineData(
        "u31-smart-quotes-apos.csv",
        "text/csv",
        "good good good taken:encoding-damaged good taken:encoding-damaged"
    )]
    [InlineData("u35-ended-in-fullwidth.csv", "text/csv", "good good taken:date-ambiguous taken:date-ambiguous good")]
    [InlineData("u38-header-only-quote-newline.csv", "text/csv", "good")]
    public async Task Each_file_that_was_met_is_read_or_refused_with_words(string file, string type, string expected) =>
        Assert.Equal(
            expected,
            await ReadAsync(
                await File.ReadAllBytesAsync(
                    Path.Combine(AppContext.BaseDirectory, "Validating", "files", file),
                    Registry.Cancelled
                ),
                type
            )
        );

    [Theory]
    [InlineData(Head + "\n" + One + "\n\"\",\"\",\" \",,,,,,\n" + Two, "good good")]
    [InlineData(Head + ",,\n" + One + ",,\n" + Two + ",,,,\n", "good good")]
    [InlineData(Head + "\n" + One + ",x\n" + Two, "column-count good")]
    [InlineData(Head + "\nDLV-001,child-protection,2026-03-01,9005000015\n" + Two, "good good")]
    [InlineData(Head + "\nDLV-001,child-protection,2026-03-01\n" + Two, "column-count good")]
    [InlineData(
        Head + "\nDLV-001,child-protection,2026-03-01,9005000015,Test\nfield,Ada,2018-05-04,female,ZZ1 1AA\n" + Two,
        "column-count column-count good"
    )]
    [InlineData(Head + "\nDLV-001,child-protection,2026-03-01,=\"9005000015\",Testfield\n" + Two, "good good")]
    [InlineData("sep=,\r\n" + Head + "\r\n" + One, "good")]
    [InlineData("\"sep=,\"\n" + Head + "\n" + One, "good")]
    [InlineData("sep=;\n" + Head + "\n" + One, "header-separator")]
    [InlineData(Head + "\n" + One + "\n" + Two + "\nTotal,2\n\n", "good good closing")]
    [InlineData(Head + "\n" + One + "\n*** End of file ***,,,,,,,,\n", "good closing")]
    [InlineData(Head + "\n" + One + "\n--------\n2 records\nPrinted: 22/11/2026\n", "good closing closing closing")]
    [InlineData(Head + "\n" + One + "\nTRAILER,1,2026-11-22\n\u001A", "good closing")]
    [InlineData(Head + "\n" + One + "\nEND OF REPORT\n" + Two, "good column-count good")]
    [InlineData(Head + "\n" + One + "\nENDfield,,child\n", "good column-count")]
    [InlineData(Head + "\nEND OF REPORT - 0 records\n", "file-empty")]
    [InlineData(Head + "\n,,,,,,,,\n", "file-empty")]
    [InlineData(
        "reference,\"kind\n\",\"start\r\ndate\",\"NHS\n\nnumber\"\nDLV-001,child-protection,2026-03-01,9005000015\n",
        "good"
    )]
    [InlineData("reference,\"kind,start_date,nhs_number\n" + One + "\n", "header-quotes")]
    [InlineData("<html><table><tr><td>reference</td></tr></table></html>", "media-type")]
    [InlineData("[{\"reference\":\"DLV-001\"}]", "media-type")]
    public async Task Each_way_of_writing_CSV_is_read_or_refused_with_words(string text, string expected) =>
        Assert.Equal(expected, await ReadAsync(Encoding.UTF8.GetBytes(text), "text/csv"));

    [Theory]
    [InlineData("[]", "application/json", "file-empty")]
    [InlineData("", "application/json", "file-empty")]
    [InlineData("[{0}]", "application/json", "good")]
    [InlineData("[{0}]", "application/x-ndjson", "good")]
    [InlineData("\uFEFF [\n  {0},\n  {1}\n]\n", "application/json", "good good")]
    [InlineData(
        "[{0},{\"reference\":\"DLV-9\",\"family_name\":\"a]}\\\"\\\\\"},{1}]",
        "application/json",
        "good kind-missing good"
    )]
    [InlineData("[{0},7,{1}]", "application/json", "good json good")]
    [InlineData("[{0},{\"reference\":[\"x\"]},{1}]", "application/json", "good json-text good")]
    [InlineData("[{0},{1}", "application/json", "json-array")]
    [InlineData("[{0},{\"reference\":\"DLV", "application/json", "json-array")]
    [InlineData("[{0}]{1}", "application/json", "json-array")]
    [InlineData("{0}", "application/json", "json-array")]
    [InlineData("{0}\n{1}", "application/x-ndjson", "good good")]
    [InlineData(Head + "\n" + One, "application/x-ndjson", "media-type")]
    public async Task A_JSON_array_is_read_element_by_element(string text, string type, string expected)
    {
        text = text.Replace(
                "{0}",
                """{"reference":"DLV-001","kind":"child-protection","start_date":"2026-03-01","nhs_number":"9005000015"}""",
                StringComparison.Ordinal
            )
            .Replace(
                "{1}",
                """{"reference":"DLV-002","kind":"child-protection","start_date":"2026-03-01","nhs_number":"9005000023"}""",
                StringComparison.Ordinal
            );

        Assert.Equal(expected, await ReadAsync(Encoding.UTF8.GetBytes(text), type));
    }

    public static TheoryData<string, Func<byte[]>, string> Others =>
        new()
        {
            {
                "UTF-16, big end first",
                () => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Head)],
                "header-encoding"
            },
            { "UTF-16 without a mark", () => Encoding.Unicode.GetBytes(Head), "header-encoding" },
            { "an old workbook", () => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "workbook" },
            { "a PDF", () => "%PDF-1.7"u8.ToArray(), "media-type" },
            {
                "names in Windows-1252",
                () =>
                    [
                        .. Encoding.UTF8.GetBytes(Head + "\n"),
                        .. Encoding.Latin1.GetBytes(
                            One.Replace("Testfield", "T\u00EBstfield", StringComparison.Ordinal)
                        ),
                    ],
                "taken:encoding-damaged"
            },
            {
                "names in Windows-1252 and in UTF-8",
                () =>
                    [
                        .. Encoding.UTF8.GetBytes(Head + "\n"),
                        .. Encoding.Latin1.GetBytes(
                            One.Replace("Testfield", "T\u00EBstfield", StringComparison.Ordinal) + "\n"
                        ),
                        .. Encoding.UTF8.GetBytes(Two.Replace("Testfield", "T\u00EBstfield", StringComparison.Ordinal)),
                    ],
                "taken:encoding-damaged good"
            },
        };

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_UTF8_text_is_named(string what, Func<byte[]> body, string expected) =>
        Assert.True(expected == await ReadAsync(body(), "text/csv"), what);

    private static readonly object?[] Headings =
    [
        "Reference",
        "Kind",
        "Start\ndate",
        "NHS\u00A0Number",
        "Family name",
        "Birth date",
        "Sex",
        "Postcode",
        "Restricted",
    ];

    private static readonly object?[] Row =
    [
        "DLV-001",
        "child-protection",
        new DateOnly(2026, 3, 1),
        9005000015d,
        "O\u2019Testfield",
        new DateOnly(2018, 5, 4),
        "female",
        "ZZ1 1AA",
        true,
    ];

    public static TheoryData<string, Func<byte[]>, string> Workbooks =>
        new()
        {
            { "dates and numbers as numbers", () => AWorkbook.Of(("Plans", [Headings, Row])), "good" },
            {
                "texts as texts",
                () =>
                    AWorkbook.Of(
                        (
                            "Plans",
                            [
                                Headings,
                                ["00123", "looked-after", "01/03/2026", "900 500 0015", "Testfield", "4 May 2018"],
                            ]
                        )
                    ),
                "good"
            },
            {
                "blank rows",
                () =>
                    AWorkbook.Of(
                        (
                            "Plans",
                            [
                                [],
                                Headings,
                                [],
                                Row,
                                [null, ""],
                                ["DLV-2", .. Row[1..]],
                                [],
                            ]
                        )
                    ),
                "good good"
            },
            {
                "an error for a postcode",
                () => AWorkbook.Of(("Plans", [Headings, [.. Row[..7], "#N/A"]])),
                "taken:postcode-format"
            },
            {
                "a date that is only a number",
                () => AWorkbook.Of(("Plans", [Headings, [.. Row[..2], 46082d, .. Row[3..]]])),
                "date-format"
            },
            {
                "another sheet beside",
                () =>
                    AWorkbook.Of(
                        (
                            "Notes",
                            [
                                ["Made by"],
                                ["nobody"],
                            ]
                        ),
                        ("Plans", [Headings, Row])
                    ),
                "good"
            },
            { "an empty sheet beside", () => AWorkbook.Of(("Plans", [Headings, Row]), ("Sheet2", [])), "good" },
            {
                "two sheets of plans",
                () => AWorkbook.Of(("Plans", [Headings, Row]), ("Old", [Headings, Row])),
                "workbook-sheets"
            },
            { "no sheet of plans", () => AWorkbook.Of(("Plans", [Row])), "header-missing" },
            {
                "a column that is not known",
                () =>
                    AWorkbook.Of(
                        (
                            "Plans",
                            [
                                [.. Headings, "Enddate"],
                                Row,
                            ]
                        )
                    ),
                "column-unknown"
            },
            { "headings alone", () => AWorkbook.Of(("Plans", [Headings])), "file-empty" },
            { "a total below", () => AWorkbook.Of(("Plans", [Headings, Row, ["Total", 1d]])), "good closing" },
            {
                "half of it",
                () => AWorkbook.Of(("Plans", [Headings, Row])) is var whole ? whole[..(whole.Length / 2)] : [],
                "workbook-damaged"
            },
            { "a zip of something else", () => Zip("readme.txt", 10), "workbook-damaged" },
            { "texts without end", () => Zip("xl/sharedStrings.xml", 97 * 1024 * 1024), "too-large" },
        };

    [Theory]
    [MemberData(nameof(Workbooks), DisableDiscoveryEnumeration = true)]
    public async Task A_workbook_is_read_as_its_rows_say(string what, Func<byte[]> body, string expected)
    {
        var said = await ReadAsync(body(), UploadFormats.WorkbookType);
        Assert.True(expected == said, $"{what}: {said}");
    }

    private static byte[] Zip(string name, int length)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            if (name.StartsWith("xl/", StringComparison.Ordinal))
                zip.CreateEntry("xl/workbook.xml").Open().Dispose();
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(new byte[length]);
        }

        return stream.ToArray();
    }

    /// <summary>The verdict of each line, or the code by which the body is refused as a whole.</summary>
    private static async Task<string> ReadAsync(byte[] bytes, string type)
    {
        using var body = new CountedBody(new MemoryStream(bytes), 1024 * 1024);
        var said = new List<string>();
        try
        {
            await foreach (
                var (_, line) in ValidatedLines.From(
                    body,
                    UploadFormats.Find(type)!.Value,
                    UploadMode.Changes,
                    Registry.Today,
                    Registry.Cancelled
                )
            )
            {
                said.Add(
                    line switch
                    {
                        UploadLine.Refused refused => refused.Errors[0].Code,
                        UploadLine.Registers { Warnings: { Count: > 0 } warnings } => "taken:"
                            + string.Join(',', warnings.Select(warning => warning.Code)),
                        UploadLine.Closing => "closing",
                        _ => "good",
                    }
                );
            }
        }
        catch (UploadRefusedException refused)
        {
            return refused.Code;
        }

        return string.Join(' ', said);
    }
}
