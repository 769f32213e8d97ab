using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Escalation;

namespace Safeguarding.Notification.Api.Escalations;

/// <summary>What is wrong with an escalation document, field by field.</summary>
internal static class ValidateEscalation
{
    private const int MostDeskSubscriptions = 5;
    private const int MostSteps = 10;
    private const int MostNames = 10;
    private const int LongestOverdue = 24 * 60;
    private const int LastStep = 7 * 24 * 60;

    public static List<FieldError> Errors(EscalationDocument document, IReadOnlySet<string> subscriptions)
    {
        List<FieldError> errors =
        [
            .. Desk("desks.emergencyDutyTeam", document.Desks?.EmergencyDutyTeam, subscriptions),
            .. Desk("desks.dutyManager", document.Desks?.DutyManager, subscriptions),
        ];
        foreach (
            var (field, levels) in new[]
            {
                ("standard", document.Standard),
                ("high", document.High),
                ("urgent", document.Urgent),
            }
        )
        {
            if (levels is not null)
                errors.AddRange(Errors(field, levels, document.Desks, subscriptions));
        }
        return errors;
    }

    private static IEnumerable<FieldError> Desk(
        string field,
        IReadOnlyList<string>? names,
        IReadOnlySet<string> subscriptions
    )
    {
        if (names is null)
            yield break;
        if (names.Count > MostDeskSubscriptions)
        {
            yield return new FieldError(field, "at most 5 subscriptions");
            yield break;
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (!subscriptions.Contains(names[i] ?? ""))
                yield return new FieldError($"{field}[{i}]", "no subscription of this council that takes alerts");
        }
    }

    private static IEnumerable<FieldError> Errors(
        string field,
        EscalationLevels levels,
        Desks? desks,
        IReadOnlySet<string> subscriptions
    )
    {
        if (levels.OverdueAfterMinutes is < 1 or > LongestOverdue)
            yield return new FieldError($"{field}.overdueAfterMinutes", "1 to 1440");
        var steps = levels.Steps ?? [];
        if (steps.Count > MostSteps)
        {
            yield return new FieldError($"{field}.steps", "at most 10 steps");
            yield break;
        }

        var before = -1;
        for (var i = 0; i < steps.Count; i++)
        {
            var (at, step) = ($"{field}.steps[{i}]", steps[i]);
            if (step?.AfterMinutes is not { } after || after is < 0 or > LastStep)
            {
                yield return new FieldError($"{at}.afterMinutes", "0 to 10080");
                continue;
            }
            if (after <= before)
                yield return new FieldError($"{at}.afterMinutes", "later than the step before");
            before = after;
            if (step.To is not { Count: > 0 } names)
            {
                yield return new FieldError($"{at}.to", "at least one subscription or desk");
            }
            else if (names.Count > MostNames)
            {
                yield return new FieldError($"{at}.to", "at most 10 subscriptions or desks");
            }
            else
            {
                for (var n = 0; n < names.Count; n++)
                {
                    if (WrongName(names[n], desks, subscriptions) is { } wrong)
                        yield return new FieldError($"{at}.to[{n}]", wrong);
                }
            }
        }
    }

    private static string? WrongName(string? name, Desks? desks, IReadOnlySet<string> subscriptions) =>
        name switch
        {
            Desks.EmergencyDutyTeamName => desks?.EmergencyDutyTeam is { Count: > 0 }
                ? null
                : "desks.emergencyDutyTeam names no subscription",
            Desks.DutyManagerName => desks?.DutyManager is { Count: > 0 }
                ? null
                : "desks.dutyManager names no subscription",
            _ => subscriptions.Contains(name ?? "")
                ? null
                : "no subscription of this council that takes alerts, nor emergencyDutyTeam or dutyManager",
        };
}
