using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Safeguarding.Hosting;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Reads and validates one line of a CSV upload, or one row of a workbook.</summary>
internal static partial class CsvLine
{
    /// <returns>Null where every field is blank, as spreadsheets write rows whose content was deleted.</returns>
    public static UploadLine? Validate(CsvHeader header, ReadOnlySpan<byte> utf8, DateOnly today)
    {
        // Invalid bytes are kept apart until the fields are known: one broken name does not hide whose line it is.
        var isUtf8 = Utf8.IsValid(utf8);
        var text = (isUtf8 ? Encoding.UTF8 : Encoding.Latin1).GetString(utf8);
        if (CsvText.Fields(text) is not { } fields)
        {
            return Shifted(
                header,
                text.Split(',').ToList(),
                "quotes",
                "The quotes in this line do not close, or stand inside a field. Write a quote inside quotes twice, "
                    + "and keep each plan on one line."
            );
        }

        return Validate(header, fields, today, isUtf8);
    }

    public static UploadLine? Validate(CsvHeader header, List<string> fields, DateOnly today, bool isUtf8 = true)
    {
        var last = fields.FindLastIndex(field => TypedText.Cell(field) is not null);
        if (last < 0)
            return null;
        if (last >= header.Fields)
            return CountDiffers(header, fields);

        List<UploadColumn>? decoded = null;
        if (!isUtf8)
            decoded = Decode(header, fields);
        var isShort = fields.Count < header.Fields;
        var line = ValidateLine.From(header.Arrange(fields), today, decoded);
        return isShort && line is UploadLine.Refused ? CountDiffers(header, fields)
            : line is UploadLine.Refused refused && MayClose(fields)
                ? refused with
                {
                    IsSure = false,
                    Reference = null,
                    MayClose = true,
                }
            : line with { IsShort = isShort };
    }

    /// <summary>A line longer than any plan can be; only its beginning was read.</summary>
    public static UploadLine TooLong(CsvHeader header, ReadOnlySpan<byte> beginning) =>
        Shifted(
            header,
            Encoding.UTF8.GetString(beginning).Split(',').SkipLast(1).ToList(),
            LineReader.TooLongCode,
            LineReader.TooLongWords
        );

    /// <summary>
    /// A line that ends early, above one that cannot be read: both are halves of one, and neither can be
    /// told.
    /// </summary>
    public static UploadLine Broken(UploadLine line) =>
        new UploadLine.Refused(
            ((UploadLine.Registers)line).Reference,
            IsSure: false,
            [
                new ValidationError(
                    null,
                    "column-count",
                    "The line ends early and the next one cannot be read: a field seems to hold a line break. Keep "
                        + "each plan on one line."
                ),
            ]
        );

    private static UploadLine.Refused CountDiffers(CsvHeader header, List<string> fields) =>
        Shifted(
            header,
            fields,
            "column-count",
            $"The line has {fields.Count} columns and the header {header.Fields}. A comma inside a field needs "
                + "quotes around the field."
        ) with
        {
            MayClose = MayClose(fields),
        };

    private static List<UploadColumn> Decode(CsvHeader header, List<string> fields)
    {
        var decoded = new List<UploadColumn>();
        for (var i = 0; i < fields.Count; i++)
        {
            if (Ascii.IsValid(fields[i]))
                continue;
            var bytes = Encoding.Latin1.GetBytes(fields[i]);
            var isUtf8 = Utf8.IsValid(bytes);
            fields[i] = isUtf8 ? Encoding.UTF8.GetString(bytes) : DamagedText.Decode(bytes);
            if (!isUtf8 && header.ColumnOf(i) is { } column)
                decoded.Add(column);
        }

        return decoded;
    }

    // A total, a count or an end mark in the first fields, and no plan's action.
    private static bool MayClose(List<string> fields)
    {
        var said = fields.Select(TypedText.Cell).OfType<string>().ToList();
        return said.Count is > 0 and <= 3
            && ClosingWords().IsMatch(said[0])
            && !said.Exists(text => text.ToLowerInvariant() is "end" or "delete" or "register" && text != said[0]);
    }

    // The columns may have moved, so what stands at the reference's place is protected from being ended, but not
    // trusted.
    private static UploadLine.Refused Shifted(CsvHeader header, List<string> fields, string code, string words)
    {
        var guess = PlanReference.Read(header.Arrange(fields)[0]?.Trim('"', ' '), new ValidationErrors());
        return new UploadLine.Refused(guess, IsSure: false, [new ValidationError(null, code, words)]);
    }

    [GeneratedRegex(
        @"^[\W_]*((end|eof|eod|totals?|grand total|trailer|trl|tlr|footer|finish(ed)?|records?|rows?|count|number of|no\. of|report|produced|printed|exported|generated|extracted|run date)([\s:.,;!*]|$)|\d+ (records?|rows?|lines?|plans?|child(ren)?)\b|[*=_-]{3,}$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex ClosingWords();
}
