using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Turns the values of one line, by column, into what it says. Pure.</summary>
internal static class ValidateLine
{
    /// <param name="values">One value per <see cref="UploadColumn.All"/>; null or empty where there is none.</param>
    /// <param name="today">The day the upload is received, in England.</param>
    /// <param name="decoded">Columns whose bytes were no UTF-8 and were read as Windows-1252.</param>
    public static UploadLine From(string?[] values, DateOnly today, IEnumerable<UploadColumn>? decoded = null)
    {
        var errors = new ValidationErrors();
        foreach (var column in decoded ?? [])
            DamagedText.WarnOfDecoding(column, errors);
        DamagedText.Repair(values, errors);
        var line = new LineValues(values);
        var reference = PlanReference.Read(line["reference"], errors);
        var judged = line["action"]?.ToLowerInvariant() switch
        {
            null or "register" => Register(line, reference, today, errors),
            "end" => End(line, reference, today, errors),
            "delete" => Delete(line, reference, errors),
            _ => UnknownAction(reference, errors),
        };
        return judged is UploadLine.Refused refused ? refused with { Sent = new SentLine(values) } : judged;
    }

    private static UploadLine Register(LineValues line, string? reference, DateOnly today, ValidationErrors errors)
    {
        var facts = ValidatePlan.From(line.ToPlan(), today, errors, isLine: true);
        if (facts is null || reference is null || errors.Any)
            return Refuse(reference, errors);
        PlanReference.Compare(reference, facts.Subject, errors);
        // What holds a number is not told.
        return errors.Any ? Refuse(null, errors) : new UploadLine.Registers(reference, facts, errors.Warnings);
    }

    private static UploadLine End(LineValues line, string? reference, DateOnly today, ValidationErrors errors)
    {
        var end = PlanDate.Read(line["end_date"], PlanField.EndDate, errors);
        if (line["end_date"] is null)
            errors.Add(PlanField.EndDate, "end-date-missing", "Say on which day the plan ended.");
        if (end > today)
        {
            errors.Add(
                PlanField.EndDate,
                "end-date-in-future",
                "The end is in the future. Send it when the plan has ended."
            );
        }

        return end is null || reference is null || errors.Any
            ? Refuse(reference, errors)
            : new UploadLine.Ends(reference, end.Value);
    }

    private static UploadLine Delete(LineValues line, string? reference, ValidationErrors errors)
    {
        // To end and to delete are different acts, and deleting recalls alerts: a line that says both is not guessed
        // at.
        if (line["end_date"] is not null)
        {
            errors.Add(
                PlanField.EndDate,
                "delete-with-end",
                "A deleted plan was never right and has no end. Use the action end, or leave the end date empty."
            );
        }

        return reference is null || errors.Any ? Refuse(reference, errors) : new UploadLine.Deletes(reference);
    }

    private static UploadLine.Refused UnknownAction(string? reference, ValidationErrors errors)
    {
        errors.Add(PlanField.Action, "action-unknown", "The action is register (or empty), end or delete.");
        return Refuse(reference, errors);
    }

    private static UploadLine.Refused Refuse(string? reference, ValidationErrors errors) =>
        new(reference, reference is not null, errors.All);
}
