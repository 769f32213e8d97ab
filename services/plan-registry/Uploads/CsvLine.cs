using System.Text;
using Safeguarding.PlanRegistry.Plans;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Judges one line of a CSV upload.</summary>
internal static class CsvLine
{
    public static UploadLine Judge(CsvHeader header, ReadOnlySpan<byte> utf8, DateOnly today)
    {
        // Invalid bytes become U+FFFD, which every field refuses by name: one broken name does not hide whose line it is.
        var text = Encoding.UTF8.GetString(utf8);
        if (SplitCsvLine.From(text) is not { } fields)
        {
            return Shifted(header, text.Split(',').ToList(), "quotes",
                "The quotes in this line do not close, or stand inside a field. Write a quote inside quotes twice, and keep each plan on one line.");
        }

        if (fields.Count != header.Fields)
        {
            return Shifted(header, fields, "column-count",
                $"The line has {fields.Count} columns and the header {header.Fields}. A comma inside a field needs quotes around the field.");
        }

        return JudgeLine.From(header.Arrange(fields), today);
    }

    /// <summary>A line longer than any plan can be; only its beginning was read.</summary>
    public static UploadLine TooLong(CsvHeader header, ReadOnlySpan<byte> beginning) =>
        Shifted(header, Encoding.UTF8.GetString(beginning).Split(',').SkipLast(1).ToList(), LineReader.TooLongCode, LineReader.TooLongWords);

    // The columns may have moved, so what stands at the reference's place is protected from being ended, but not trusted.
    private static UploadLine.Refused Shifted(CsvHeader header, List<string> fields, string code, string words)
    {
        var guess = PlanReference.Read(header.Arrange(fields)[0]?.Trim('"', ' '), new Faults());
        return new UploadLine.Refused(guess, IsSure: false, [new Fault(null, code, words)]);
    }
}
