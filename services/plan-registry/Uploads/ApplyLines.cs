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

        var references = lines.Where(line => line.Deed != LineDeed.Refused).Select(line => line.Reference!).ToArray();
        var named = await db.Plans
            .Where(plan => plan.CouncilCode == upload.CouncilCode && references.Contains(plan.Reference))
            .ToListAsync(cancellationToken);
        var plans = named.Where(plan => plan.DeletedAt is null).ToDictionary(plan => plan.Reference, StringComparer.Ordinal);
        var deleted = named.Where(plan => plan.DeletedAt is not null).Select(plan => plan.Reference).ToHashSet(StringComparer.Ordinal);

        var done = new Report(lines.Count);
        foreach (var line in lines)
        {
            var plan = line.Reference is { } reference ? plans.GetValueOrDefault(reference) : null;
            var (outcome, why) = Decide(line, plan, deleted, today);
            if (!upload.DryRun)
                Apply(change, line, plan, outcome);
            done.Add(line, outcome, why);
            Count(upload, line, outcome);
        }

        await done.WriteAsync(db, upload.Id, cancellationToken);
        upload.LinesDone += lines.Count;
        upload.LastLine = lines[^1].Line;
        return true;
    }

    private static (PlanOutcome Outcome, Fault? Why) Decide(StagedLine line, Plan? plan, HashSet<string> deleted, DateOnly today) => line.Deed switch
    {
        LineDeed.Registers => (DecidePlan.Register(plan, line.Facts(), today), null),
        LineDeed.Ends => DecidePlan.End(plan, line.EndDate!.Value),
        LineDeed.Deletes => DecidePlan.Delete(plan, deleted.Contains(line.Reference!)),
        _ => (PlanOutcome.Refused, null),
    };

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

    private static void Count(Upload upload, StagedLine line, PlanOutcome outcome)
    {
        _ = outcome switch
        {
            PlanOutcome.Registered => upload.Registered++,
            PlanOutcome.Amended => upload.Amended++,
            PlanOutcome.Ended => upload.Ended++,
            PlanOutcome.Deleted => upload.Deleted++,
            PlanOutcome.Unchanged => upload.Unchanged++,
            PlanOutcome.NotKept => upload.NotKept++,
            _ => upload.Refused++,
        };
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
            _faults.Add(why is null ? null : LineFault.Json([why]));
        }

        // The sealed person leaves the staging table with the same statement: what remains is the report.
        public Task<int> WriteAsync(PlanRegistryDb db, Guid uploadId, CancellationToken cancellationToken) =>
            db.Database.ExecuteSqlRawAsync(
                """
                UPDATE plan_registry.upload_line l
                SET outcome = d.outcome, faults = coalesce(d.faults::jsonb, l.faults),
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
