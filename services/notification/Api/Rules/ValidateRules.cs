using System.Text.RegularExpressions;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Grouping;

namespace Safeguarding.Notification.Api.Rules;

/// <summary>What is wrong with rules, field by field.</summary>
internal static partial class ValidateRules
{
    private const int MostPatterns = 20;
    private const int Most = 100;

    public static List<FieldError> Faults(NoiseRules rules)
    {
        List<FieldError> faults = [];
        if (rules.Grouping is { WindowHours: not (>= 1 and <= 168) })
            faults.Add(new("grouping.windowHours", "1 to 168"));
        if (rules.Patterns is not { } patterns)
            return faults;
        if (patterns.Count > MostPatterns)
        {
            faults.Add(new("patterns", "at most 20"));
            return faults;
        }

        foreach (var (i, pattern) in patterns.Index())
        {
            var at = $"patterns[{i}]";
            if (pattern is null)
            {
                faults.Add(new(at, "a pattern"));
                continue;
            }
            if (!Name().IsMatch(pattern.Name ?? ""))
                faults.Add(new($"{at}.name", "1 to 40 of a-z, 0-9, -"));
            else if (patterns.Take(i).Any(before => before?.Name == pattern.Name))
                faults.Add(new($"{at}.name", "named twice"));
            if (pattern.Days is not (>= 1 and <= 365))
                faults.Add(new($"{at}.days", "1 to 365"));
            if (pattern.Attendances is < 1 or > Most)
                faults.Add(new($"{at}.attendances", "1 to 100"));
            if (pattern.Sites is < 1 or > Most)
                faults.Add(new($"{at}.sites", "1 to 100"));
            if (pattern.LeftBeforeSeen is < 0 or > Most)
                faults.Add(new($"{at}.leftBeforeSeen", "0 to 100"));
            if (pattern is { Attendances: null or 1, Sites: null or 1, LeftBeforeSeen: null or 0 })
                faults.Add(new(at, "needs attendances, sites or leftBeforeSeen"));
            if (pattern.Grade is not (AlertGrade.High or AlertGrade.Urgent))
                faults.Add(new($"{at}.grade", "high or urgent"));
        }
        return faults;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
