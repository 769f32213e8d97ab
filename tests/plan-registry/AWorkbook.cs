using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>
/// An .xlsx workbook, written part by part as spreadsheets do: shared texts, numbers, dates by their
/// style.
/// </summary>
internal static class AWorkbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006";

    /// <summary>
    /// A cell is a text, a number, a <see cref="DateOnly"/>, a <see cref="bool"/>, null, or an error such as
    /// <c>#N/A</c>.
    /// </summary>
    public static byte[] Of(params (string Name, IEnumerable<object?[]> Rows)[] sheets)
    {
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var numbers = Enumerable.Range(1, sheets.Length).ToList();
            Write(
                zip,
                "[Content_Types].xml",
                $"""
                <Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>
                """
            );
            Write(
                zip,
                "_rels/.rels",
                $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
            );
            Write(
                zip,
                "xl/workbook.xml",
                $"""
                <workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets>{string.Concat(
                    numbers.Select(n => $"<sheet name=\"{sheets[n - 1].Name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>")
                )}</sheets></workbook>
                """
            );
            Write(
                zip,
                "xl/_rels/workbook.xml.rels",
                $"""
                <Relationships xmlns="{Package}/relationships">{string.Concat(
                    numbers.Select(n =>
                        $"<Relationship Id=\"rId{n}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
                    )
                )}<Relationship Id="rId90" Type="{Relations}/styles" Target="styles.xml"/><Relationship Id="rId91" Type="{Relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>
                """
            );
            Write(
                zip,
                "xl/styles.xml",
                $"""
                <styleSheet xmlns="{Main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>
                """
            );
            foreach (var n in numbers)
            {
                using var sheet = new StreamWriter(
                    zip.CreateEntry($"xl/worksheets/sheet{n}.xml", CompressionLevel.Fastest).Open()
                );
                sheet.Write($"<worksheet xmlns=\"{Main}\"><sheetData>");
                var row = 0;
                foreach (var cells in sheets[n - 1].Rows)
                {
                    row++;
                    sheet.Write(string.Create(CultureInfo.InvariantCulture, $"<row r=\"{row}\">"));
                    for (var column = 0; column < cells.Length; column++)
                    {
                        sheet.Write(
                            Cell(
                                string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + column)}{row}"),
                                cells[column],
                                texts
                            )
                        );
                    }

                    sheet.Write("</row>");
                }

                sheet.Write("</sheetData></worksheet>");
            }

            using var shared = new StreamWriter(
                zip.CreateEntry("xl/sharedStrings.xml", CompressionLevel.Fastest).Open()
            );
            shared.Write($"<sst xmlns=\"{Main}\">");
            foreach (var text in texts.Keys)
                shared.Write($"<si><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></si>");
            shared.Write("</sst>");
        }

        return stream.ToArray();
    }

    private static string Cell(string at, object? cell, Dictionary<string, int> texts) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{cell switch
    {
        null => "",
        DateOnly day => $"<c r=\"{at}\" s=\"1\"><v>{day.DayNumber - new DateOnly(1899, 12, 30).DayNumber}</v></c>",
        bool yes => $"<c r=\"{at}\" t=\"b\"><v>{(yes ? 1 : 0)}</v></c>",
        string text when text.StartsWith('#') => $"<c r=\"{at}\" t=\"e\"><v>{text}</v></c>",
        string text => $"<c r=\"{at}\" t=\"s\"><v>{Shared(text, texts)}</v></c>",
        _ => $"<c r=\"{at}\"><v>{Convert.ToString(cell, CultureInfo.InvariantCulture)}</v></c>",
    }}"
        );

    private static int Shared(string text, Dictionary<string, int> texts)
    {
        if (!texts.TryGetValue(text, out var number))
            texts.Add(text, number = texts.Count);
        return number;
    }

    private static void Write(ZipArchive zip, string name, string xml)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name).Open(), new UTF8Encoding(false));
        writer.Write(xml);
    }
}
