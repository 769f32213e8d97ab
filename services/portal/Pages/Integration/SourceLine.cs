using System.Text.RegularExpressions;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>A line of what was pasted, with what was found there.</summary>
/// <param name="Number">From one.</param>
/// <param name="Parts">Its text in pieces; those that an issue is about are marked.</param>
/// <param name="Issues">What is about this line.</param>
internal sealed partial record SourceLine(
    int Number,
    IReadOnlyList<(string Text, bool IsMarked)> Parts,
    IReadOnlyList<EncounterIssue> Issues
)
{
    public static IReadOnlyList<SourceLine> Of(string text, IReadOnlyList<EncounterIssue> issues)
    {
        var token = EncounterChecks.IsXml(text) ? XmlName() : JsonToken();
        var byLine = issues.ToLookup(issue => issue.Line);
        return
        [
            .. text.Replace("\r\n", "\n", StringComparison.Ordinal)
                .Split('\n')
                .Index()
                .Select(line => (line.Item, Number: line.Index + 1))
                .Select(line => new SourceLine(
                    line.Number,
                    [.. Cut(line.Item, byLine[line.Number].Select(issue => issue.Column), token)],
                    [.. byLine[line.Number]]
                )),
        ];
    }

    private static IEnumerable<(string Text, bool IsMarked)> Cut(string line, IEnumerable<int?> columns, Regex token)
    {
        var shown = 0;
        foreach (var start in columns.OfType<int>().Select(column => column - 1).Distinct().Order())
        {
            if (start < shown || start >= line.Length || token.Match(line, start) is not { Success: true } found)
                continue;
            if (found.Index > shown)
                yield return (line[shown..found.Index], false);
            yield return (found.Value, true);
            shown = found.Index + found.Length;
        }

        if (shown < line.Length)
            yield return (line[shown..], false);
    }

    [GeneratedRegex("""\G(?:"(?:[^"\\]|\\.)*"|[^\s,:\]}"]+|\S)""")]
    private static partial Regex JsonToken();

    [GeneratedRegex("""\G(?:[\w.:-]+|\S)""")]
    private static partial Regex XmlName();
}
