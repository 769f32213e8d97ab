using System.Reflection;
using System.Text.RegularExpressions;
using Spectre.Console.Cli;

namespace Safeguarding.Cli;

/// <summary>What was probably meant by a word that is not known.</summary>
internal static partial class Suggestion
{
    private const int Furthest = 3;

    private static readonly IReadOnlyList<string> Options =
    [
        .. new[] { typeof(Suggestion).Assembly, Assembly.GetEntryAssembly() }
            .OfType<Assembly>()
            .SelectMany(program => program.GetTypes())
            .Where(type => type.IsAssignableTo(typeof(CommandSettings)))
            .SelectMany(type => type.GetProperties())
            .SelectMany(property => property.GetCustomAttributes<CommandOptionAttribute>())
            .SelectMany(option => option.LongNames)
            .Append("help")
            .Distinct(),
    ];

    /// <summary>A sentence to put after the parser's; empty where nothing is near.</summary>
    public static string For(string message)
    {
        if (Unknown().Match(message) is not { Success: true } unknown)
            return "";
        var (isOption, word) = (unknown.Groups[1].Value == "option", unknown.Groups[2].Value);
        return Nearest(word, isOption ? Options : Verbs.All) is { } near
            ? $" Did you mean {(isOption ? "--" : "")}{near}?"
            : "";
    }

    /// <summary>The parser says what type a value is not, and not whose value it is.</summary>
    public static string? Conversion(string message, string[] args)
    {
        if (NotConverted().Match(message) is not { Success: true } found)
            return null;
        var value = found.Groups[1].Value;
        var at = Array.IndexOf(args, value);
        var whose =
            at > 0 && args[at - 1].StartsWith('-')
                ? args[at - 1]
                : args.FirstOrDefault(argument => argument.EndsWith($"={value}", StringComparison.Ordinal))
                    ?.Split('=')[0];
        return $"{whose ?? "This"} wants {(found.Groups[2].Value.Contains("Guid", StringComparison.Ordinal) ? "an id" : "a number")}; it was \"{value}\".";
    }

    public static string? Nearest(string word, IEnumerable<string> known) =>
        known
            .Select(candidate => (candidate, Distance: Distance(word, candidate)))
            .Where(pair => pair.Distance <= Furthest)
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    /// <summary>Letters to add, take away, change or swap with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }

    [GeneratedRegex("^Failed to convert '(.*)' to (.*)")]
    private static partial Regex NotConverted();

    [GeneratedRegex("^Unknown (option|command) '([^']+)'")]
    private static partial Regex Unknown();
}
