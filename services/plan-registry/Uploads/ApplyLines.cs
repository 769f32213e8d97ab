using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Applies the next lines of an upload to the register; a dry run decides the same and changes nothing.</summary>
internal static class ApplyLines
{
    private const int Batch = 2_000;
    private const string Superseded = "nhs-number-superseded";

    /// <returns>False where no line is left.</returns>
    public static async Task<bool> StepAsync(PlanRegistryDb db, Upload upload, ChangePlan change, DateOnly today, CancellationToken cancellationToken)
    {
        var lines = await db.StagedLines.AsNoTracking()
            .Where(line => line.UploadId == upload.Id && line.Line > upload.LastLine)
            .OrderBy(line => line.Line)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        if (lines.Count == 0)
            return false;

        var references = lines.Where(line => line.ReferenceIsSure).Select(line => line.Reference).OfType<string>().Distinct().ToArray();
        var plans = await db.Plans
            .Where(plan => plan.CouncilCode == upload.CouncilCode && plan.DeletedAt == null && references.Contains(plan.Reference))
            .ToDictionaryAsync(plan => plan.Reference, StringComparer.Ordinal, cancellationToken);
        var against = new Register(
            plans,
            await DeletedAsync(db, upload, lines, plans, cancellationToken),
            await RepeatedAsync(db, upload.Id, references, cancellationToken),
            today);

        var done = new Report(lines.Count);
        foreach (var line in lines)
        {
            var plan = line is { ReferenceIsSure: true, Reference: not null } ? plans.GetValueOrDefault(line.Reference!) : null;
            var (outcome, why) = Decide(line, plan, against);
            why ??= WhyStillToMend(line, plan, outcome);
            if (!upload.DryRun)
                Apply(change, line, plan, outcome);
            done.Add(line, outcome, why);
            Count(upload, line, outcome, why);
        }

        await done.WriteAsync(db, upload.Id, cancellationToken);
        upload.LinesDone += lines.Count;
        upload.LastLine = lines[^1].Line;
        return true;
    }

    private sealed record Register(
        Dictionary<string, Plan> Running, HashSet<string> Deleted, Dictionary<string, (int First, int Last)> Repeated, DateOnly Today);

    private static (PlanOutcome Outcome, Fault? Why) Decide(StagedLine line, Plan? plan, Register against)
    {
        if (line.Deed == LineDeed.Refused)
            return (PlanOutcome.Refused, null);
        if (line.Deed == LineDeed.Closes)
            return (PlanOutcome.Skipped, null);
        // Which of two lines about one plan is right cannot be told, so both are refused and the plan stays as it is.
        if (against.Repeated.TryGetValue(line.Reference!, out var lines))
        {
            return (PlanOutcome.Refused, new Fault(PlanField.Reference, "reference-repeated",
                $"The same reference is on line {(line.Line == lines.First ? lines.Last : lines.First)} too. Which one is right cannot be told, so none is taken."));
        }

        return line.Deed switch
        {
            LineDeed.Registers => (DecidePlan.Register(plan, line.Facts(), against.Today), null),
            LineDeed.Ends => DecidePlan.End(plan, line.EndDate!.Value),
            _ => DecidePlan.Delete(plan, against.Deleted.Contains(line.Reference!)),
        };
    }

    // Taken all the same: the plan is found under both numbers until its council sends the new one.
    private static Fault? WhyStillToMend(StagedLine line, Plan? plan, PlanOutcome outcome) =>
        outcome is PlanOutcome.Amended or PlanOutcome.Unchanged && plan?.NumberSupersededAt is not null
            && line.NhsNumberMac.AsSpan().SequenceEqual(plan.NhsNumberMac)
            ? new Fault(PersonFields.Subject.NhsNumber, Superseded, "The NHS number is right but superseded. Send the one that is used now.")
            : null;

    private static async Task<HashSet<string>> DeletedAsync(
        PlanRegistryDb db, Upload upload, List<StagedLine> lines, Dictionary<string, Plan> plans, CancellationToken cancellationToken)
    {
        var unknown = lines.Where(line => line.Deed == LineDeed.Deletes && !plans.ContainsKey(line.Reference!)).Select(line => line.Reference!).ToArray();
        return unknown.Length == 0 ? [] : await db.Plans
            .Where(plan => plan.CouncilCode == upload.CouncilCode && plan.DeletedAt != null && unknown.Contains(plan.Reference))
            .Select(plan => plan.Reference)
            .ToHashSetAsync(cancellationToken);
    }

    private static async Task<Dictionary<string, (int First, int Last)>> RepeatedAsync(
        PlanRegistryDb db, Guid uploadId, string[] references, CancellationToken cancellationToken)
    {
        var repeated = await db.StagedLines
            .Where(line => line.UploadId == uploadId && line.ReferenceIsSure && references.Contains(line.Reference))
            .GroupBy(line => line.Reference!)
            .Where(lines => lines.Count() > 1)
            .Select(lines => new { Reference = lines.Key, First = lines.Min(line => line.Line), Last = lines.Max(line => line.Line) })
            .ToListAsync(cancellationToken);
        return repeated.ToDictionary(lines => lines.Reference, lines => (lines.First, lines.Last), StringComparer.Ordinal);
    }

    private static void Apply(ChangePlan change, StagedLine line, Plan? plan, PlanOutcome outcome)
    {
        switch (outcome)
        {
            case PlanOutcome.Registered:
                change.Register(line.Reference!, line.Facts());
                break;
            case PlanOutcome.Amended:
                change.Amend(plan!, line.Facts());
                break;
            case PlanOutcome.Ended:
                change.End(plan!, line.EndDate!.Value);
                break;
            case PlanOutcome.Deleted:
                change.Delete(plan!);
                break;
        }
    }

    private static void Count(Upload upload, StagedLine line, PlanOutcome outcome, Fault? why)
    {
        _ = outcome switch
        {
            PlanOutcome.Registered => upload.Registered++,
            PlanOutcome.Amended => upload.Amended++,
            PlanOutcome.Ended => upload.Ended++,
            PlanOutcome.Deleted => upload.Deleted++,
            PlanOutcome.Unchanged => upload.Unchanged++,
            PlanOutcome.NotKept => upload.NotKept++,
            PlanOutcome.Skipped => upload.Skipped++,
            _ => upload.Refused++,
        };
        if (outcome is not (PlanOutcome.Refused or PlanOutcome.Skipped) && (line.Faults is not null || why is not null))
            upload.Warned++;
        if (outcome == PlanOutcome.Refused && !line.ReferenceIsSure)
            upload.Unreadable++;
    }

    private sealed class Report(int lines)
    {
        private readonly List<int> _lines = new(lines);
        private readonly List<string> _outcomes = new(lines);
        private readonly List<string?> _faults = new(lines);

        public void Add(StagedLine line, PlanOutcome outcome, Fault? why)
        {
            _lines.Add(line.Line);
            _outcomes.Add(outcome.ToString());
            _faults.Add(why is null ? null : outcome == PlanOutcome.Refused ? LineFault.Json([why]) : LineFault.WarningsJson([why]));
        }

        // The sealed person leaves the staging table with the same statement: what remains is the report.
        public Task<int> WriteAsync(PlanRegistryDb db, Guid uploadId, CancellationToken cancellationToken) =>
            db.Database.ExecuteSqlRawAsync(
                """
                UPDATE plan_registry.upload_line l
                SET outcome = d.outcome, faults = coalesce(d.faults::jsonb || l.faults, d.faults::jsonb, l.faults),
                    subject = NULL, subject_key_id = NULL, nhs_number_mac = NULL, facts_mac = NULL
                FROM unnest(@lines, @outcomes, @faults) AS d(line, outcome, faults)
                WHERE l.upload_id = @upload AND l.line = d.line
                """,
                [
                    new NpgsqlParameter("upload", uploadId),
                    new NpgsqlParameter("lines", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = _lines },
                    new NpgsqlParameter("outcomes", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = _outcomes },
                    new NpgsqlParameter("faults", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = _faults },
                ],
                cancellationToken);
    }
}
