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

    public static List<FieldError> Errors(AlertRules rules)
    {
        List<FieldError> errors = [];
        if (rules.Grouping is { WindowHours: not (>= 1 and <= 168) })
            errors.Add(new("grouping.windowHours", "1 to 168"));
        if (rules.Patterns is not { } patterns)
            return errors;
        if (patterns.Count > MostPatterns)
        {
            errors.Add(new("patterns", "at most 20"));
            return errors;
        }

        foreach (var (i, pattern) in patterns.Index())
        {
            var at = $"patterns[{i}]";
            if (pattern is null)
            {
                errors.Add(new(at, "a pattern"));
                continue;
            }
            if (!Name().IsMatch(pattern.Name ?? ""))
                errors.Add(new($"{at}.name", "1 to 40 of a-z, 0-9, -"));
            else if (patterns.Take(i).Any(before => before?.Name == pattern.Name))
                errors.Add(new($"{at}.name", "named twice"));
            if (pattern.Days is not (>= 1 and <= 365))
                errors.Add(new($"{at}.days", "1 to 365"));
            if (pattern.Attendances is < 1 or > Most)
                errors.Add(new($"{at}.attendances", "1 to 100"));
            if (pattern.Sites is < 1 or > Most)
                errors.Add(new($"{at}.sites", "1 to 100"));
            if (pattern.LeftBeforeSeen is < 0 or > Most)
                errors.Add(new($"{at}.leftBeforeSeen", "0 to 100"));
            if (pattern is { Attendances: null or 1, Sites: null or 1, LeftBeforeSeen: null or 0 })
                errors.Add(new(at, "needs attendances, sites or leftBeforeSeen"));
            if (pattern.Grade is not (AlertGrade.High or AlertGrade.Urgent))
                errors.Add(new($"{at}.grade", "high or urgent"));
        }
        return errors;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
