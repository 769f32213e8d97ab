using System.Globalization;

namespace Safeguarding.Hosting.Organisations;

/// <summary>A council with children's services, or one that ended.</summary>
/// <param name="Code">GSS code (Office for National Statistics).</param>
/// <param name="Name">Its official name.</param>
/// <param name="ShortName">As people call it.</param>
/// <param name="FormerCodes">GSS codes that it had before, under which old data may name it.</param>
/// <param name="EndedOn">Its last day; null of one that there is.</param>
/// <param name="Successors">GSS codes of the councils that took over; several where its area was split.</param>
public sealed record Council(
    string Code,
    string Name,
    string ShortName,
    IReadOnlyList<string> FormerCodes,
    DateOnly? EndedOn,
    IReadOnlyList<string> Successors
);

/// <summary>The councils of England, from the file in this folder.</summary>
public static class Councils
{
    private const string District = "E07";

    private static readonly Dictionary<string, Council> ByCode = Read();

    /// <summary>The council that has, or had, this code; null where the file has none.</summary>
    /// <param name="code">GSS code.</param>
    public static Council? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>
    /// What is wrong with a code that has the shape of a council's, in words and with the code to use; null where
    /// nothing is known to be. A code that the file does not have may be a council's that is newer than the file.
    /// </summary>
    /// <param name="code">GSS code.</param>
    public static string? WhyNotInUse(string code)
    {
        if (code.StartsWith(District, StringComparison.Ordinal) && code.Length == 9)
            return $"{code} is a district, which has no children's services. Use the code of its county (E10).";
        if (Find(code) is not { } council)
            return null;
        if (council.Code != code)
            return $"{code} is a former code of {council.Name}. Use {council.Code}.";
        if (council.EndedOn is not { } last)
            return null;
        var successors = string.Join(" or ", council.Successors.Select(Named));
        var ended = last.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        return $"{council.Name} ({code}) ended on {ended}. Use {successors}.";

        static string Named(string successor) => $"{successor} ({Find(successor)?.Name})";
    }

    private static Dictionary<string, Council> Read()
    {
        using var stream = typeof(Councils).Assembly.GetManifestResourceStream("councils.csv")!;
        using var file = new StreamReader(stream);
        file.ReadLine();
        var councils = new Dictionary<string, Council>(StringComparer.Ordinal);
        while (file.ReadLine() is { } line)
        {
            var cells = CsvText.Fields(line)!;
            var council = new Council(
                cells[0],
                cells[1],
                cells[2],
                Codes(cells[4]),
                cells[5].Length == 0 ? null : DateOnly.Parse(cells[5], CultureInfo.InvariantCulture),
                Codes(cells[6])
            );
            foreach (var code in council.FormerCodes.Prepend(council.Code))
                councils.Add(code, council);
        }

        return councils;
    }

    private static string[] Codes(string cell) => cell.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
