using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Applies the next lines of an upload to the register; a dry run decides the same and changes
/// nothing.
/// </summary>
internal static class ApplyLines
{
    private const int Batch = 2_000;
    private const string Superseded = "nhs-number-superseded";

    private const string NoPerson =
        "subject = NULL, subject_key_id = NULL, nhs_number_mac = NULL, name_mac = NULL, facts_mac = NULL";

    /// <returns>False where no line is left.</returns>
    public static async Task<bool> StepAsync(
        PlanRegistryDb db,
        Upload upload,
        ChangePlan change,
        Sealer sealer,
        DateOnly today,
        EvaluatedLines judged,
        CancellationToken cancellationToken
    )
    {
        var isConfirmed = upload.DecidedBy is not null;
        var lines = await db
            .StagedLines.AsNoTracking()
            .Where(line =>
                line.UploadId == upload.Id
                && line.Line > upload.LastLine
                && (!isConfirmed || line.Outcome == PlanOutcome.Held)
            )
            .OrderBy(line => line.Line)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        if (lines.Count == 0)
            return false;
        // After the first batch of an empty register: without statistics the planner believes in 200 references, and
        // would read the whole table for each batch.
        if (upload is { DryRun: false, LastLine: > 0 and < 2 * Batch })
            await db.Database.ExecuteSqlRawAsync("SELECT plan_registry.analyze('plan')", cancellationToken);

        var references = lines
            .Where(line => line.ReferenceIsSure)
            .Select(line => line.Reference)
            .OfType<string>()
            .Distinct()
            .ToArray();
        var plans = await db
            .Plans.Where(plan =>
                plan.CouncilCode == upload.CouncilCode && plan.DeletedAt == null && references.Contains(plan.Reference)
            )
            .ToDictionaryAsync(plan => plan.Reference, StringComparer.Ordinal, cancellationToken);
        var against = new Register(
            plans,
            await DeletedAsync(db, upload, lines, plans, cancellationToken),
            await RepeatedAsync(db, upload.Id, references, cancellationToken),
            today,
            isConfirmed ? await ChangedSinceAsync(db, upload, references, cancellationToken) : []
        );

        var done = new Report(lines.Count);
        foreach (var line in lines)
        {
            var plan = line is { ReferenceIsSure: true, Reference: not null }
                ? plans.GetValueOrDefault(line.Reference!)
                : null;
            var facts = line.Action == LineAction.Registers ? KeepStored.Facts(line, plan, sealer) : null;
            var (outcome, why) = Decide(line, facts, plan, against);
            why ??= WhyStillToCorrect(line, plan, outcome);
            if (!isConfirmed && Waits(upload, line, facts, plan, outcome, sealer) is { } held)
            {
                upload.Held++;
                if (!upload.DryRun)
                {
                    done.Add(line, PlanOutcome.Held, held);
                    continue;
                }
            }

            if (isConfirmed)
                upload.Held--;
            upload.LinesDone++;
            if (!upload.DryRun)
                Apply(change, line, facts, plan, outcome);
            done.Add(line, outcome, why);
            judged.Add(line, outcome, why);
            Count(upload, line, outcome, why);
        }

        await done.WriteAsync(db, upload, cancellationToken);
        upload.LastLine = lines[^1].Line;
        return true;
    }

    private sealed record Register(
        Dictionary<string, Plan> Running,
        HashSet<string> Deleted,
        Dictionary<string, (int First, int Last)> Repeated,
        DateOnly Today,
        HashSet<string> ChangedSince
    );

    /// <summary>Takes the persons out of the lines that wait: they are not applied any more.</summary>
    public static Task<int> DiscardHeldAsync(PlanRegistryDb db, Guid uploadId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(
            $"UPDATE plan_registry.upload_line SET outcome = 'Discarded', {NoPerson} WHERE upload_id = @upload AND "
                + "outcome = 'Held'",
            [new NpgsqlParameter("upload", uploadId)],
            cancellationToken
        );

    /// <summary>Takes everything out of a dry run's lines but their report: it is not confirmed any more.</summary>
    public static Task<int> DeleteAsync(PlanRegistryDb db, Guid uploadId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(
            $"UPDATE plan_registry.upload_line SET sent = NULL, sent_key_id = NULL, {NoPerson} WHERE upload_id = @upload",
            [new NpgsqlParameter("upload", uploadId)],
            cancellationToken
        );

    // Where the file gives too many plans to somebody else, nothing that it says of a person is applied: a child new to
    // the register may be another one too.
    private static ValidationError? Waits(
        Upload upload,
        StagedLine line,
        SealedFacts? facts,
        Plan? plan,
        PlanOutcome outcome,
        Sealer sealer
    )
    {
        if (
            outcome is not (PlanOutcome.Registered or PlanOutcome.Amended or PlanOutcome.Ended or PlanOutcome.Deleted)
            || !EffectLimit.HoldsEffects(upload)
        )
        {
            return null;
        }

        if (LineEffect.Decide(line, facts, plan, sealer) is { } effect)
            return effect.Why;
        return EffectLimit.HoldsPersons(upload) && line.Action == LineAction.Registers
            ? new ValidationError(
                null,
                "waits",
                "Too many other lines give plans to somebody else, so this line waits too, until you confirm the "
                    + "upload."
            )
            : null;
    }

    // Whoever changed a plan while the line waited knew more than the file.
    private static Task<HashSet<string>> ChangedSinceAsync(
        PlanRegistryDb db,
        Upload upload,
        string[] references,
        CancellationToken cancellationToken
    ) =>
        db
            .Plans.Where(plan =>
                plan.CouncilCode == upload.CouncilCode
                && references.Contains(plan.Reference)
                && plan.ChangedAt > upload.WaitingSince
                && plan.ChangedByUpload != upload.Id
            )
            .Select(plan => plan.Reference)
            .ToHashSetAsync(cancellationToken);

    private static (PlanOutcome Outcome, ValidationError? Why) Decide(
        StagedLine line,
        SealedFacts? facts,
        Plan? plan,
        Register against
    )
    {
        if (line.Action == LineAction.Refused)
            return (PlanOutcome.Refused, null);
        if (line.Action == LineAction.Closes)
            return (PlanOutcome.Skipped, null);
        // Which of two lines about one plan is right cannot be told, so both are refused and the plan stays as it is.
        if (against.Repeated.TryGetValue(line.Reference!, out var lines))
        {
            return (
                PlanOutcome.Refused,
                new ValidationError(
                    PlanField.Reference,
                    "reference-repeated",
                    $"The same reference is on line {(line.Line == lines.First ? lines.Last : lines.First)} too. "
                        + "Which one is right cannot be told, so none is taken."
                )
            );
        }

        if (against.ChangedSince.Contains(line.Reference!))
        {
            return (
                PlanOutcome.Refused,
                new ValidationError(
                    PlanField.Reference,
                    "changed-meanwhile",
                    "The plan was changed while this line waited, so the line was not applied."
                )
            );
        }

        return line.Action switch
        {
            LineAction.Registers => (DecidePlan.Register(plan, facts!, against.Today), null),
            LineAction.Ends => DecidePlan.End(plan, line.EndDate!.Value),
            _ => DecidePlan.Delete(plan, against.Deleted.Contains(line.Reference!)),
        };
    }

    // Taken all the same: the plan is found under both numbers until its council sends the new one.
    private static ValidationError? WhyStillToCorrect(StagedLine line, Plan? plan, PlanOutcome outcome) =>
        outcome is PlanOutcome.Amended or PlanOutcome.Unchanged
        && plan?.NumberSupersededAt is not null
        && line.NhsNumberMac.AsSpan().SequenceEqual(plan.NhsNumberMac)
            ? new ValidationError(
                PersonFields.Subject.NhsNumber,
                Superseded,
                "The NHS number is right but superseded. Send the one that is used now."
            )
            : null;

    private static async Task<HashSet<string>> DeletedAsync(
        PlanRegistryDb db,
        Upload upload,
        List<StagedLine> lines,
        Dictionary<string, Plan> plans,
        CancellationToken cancellationToken
    )
    {
        var unknown = lines
            .Where(line => line.Action == LineAction.Deletes && !plans.ContainsKey(line.Reference!))
            .Select(line => line.Reference!)
            .ToArray();
        return unknown.Length == 0
            ? []
            : await db
                .Plans.Where(plan =>
                    plan.CouncilCode == upload.CouncilCode && plan.DeletedAt != null && unknown.Contains(plan.Reference)
                )
                .Select(plan => plan.Reference)
                .ToHashSetAsync(cancellationToken);
    }

    public static async Task<Dictionary<string, (int First, int Last)>> RepeatedAsync(
        PlanRegistryDb db,
        Guid uploadId,
        string[] references,
        CancellationToken cancellationToken
    )
    {
        var repeated = await db
            .StagedLines.Where(line =>
                line.UploadId == uploadId && line.ReferenceIsSure && references.Contains(line.Reference)
            )
            .GroupBy(line => line.Reference!)
            .Where(lines => lines.Count() > 1)
            .Select(lines => new
            {
                Reference = lines.Key,
                First = lines.Min(line => line.Line),
                Last = lines.Max(line => line.Line),
            })
            .ToListAsync(cancellationToken);
        return repeated.ToDictionary(
            lines => lines.Reference,
            lines => (lines.First, lines.Last),
            StringComparer.Ordinal
        );
    }

    private static void Apply(ChangePlan change, StagedLine line, SealedFacts? facts, Plan? plan, PlanOutcome outcome)
    {
        switch (outcome)
        {
            case PlanOutcome.Registered:
                change.Register(line.Reference!, facts!);
                break;
            case PlanOutcome.Amended:
                change.Amend(plan!, facts!);
                break;
            case PlanOutcome.Ended:
                change.End(plan!, line.EndDate!.Value);
                break;
            case PlanOutcome.Deleted:
                change.Delete(plan!);
                break;
        }
    }

    private static void Count(Upload upload, StagedLine line, PlanOutcome outcome, ValidationError? why)
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

        public void Add(StagedLine line, PlanOutcome outcome, ValidationError? why)
        {
            _lines.Add(line.Line);
            _outcomes.Add(outcome.ToString());
            _faults.Add(
                why is null ? null
                : outcome == PlanOutcome.Refused ? LineError.Json([why])
                : LineError.WarningsJson([why])
            );
        }

        // The sealed person leaves the staging table with the same statement: what remains is the report. Of a line
        // that waits it stays, and of a dry run, which may be confirmed. A line that waited was judged before, and
        // says nothing twice.
        public Task<int> WriteAsync(PlanRegistryDb db, Upload upload, CancellationToken cancellationToken) =>
            db.Database.ExecuteSqlRawAsync(
                """
                UPDATE plan_registry.upload_line l
                SET outcome = d.outcome,
                    faults = CASE WHEN d.faults IS NULL THEN l.faults ELSE d.faults::jsonb || coalesce(
                        (SELECT jsonb_agg(f) FROM jsonb_array_elements(l.faults) f
                            WHERE f -> 'detail' <> d.faults::jsonb -> 0 -> 'detail'), '[]') END,
                    subject = CASE WHEN @kept OR d.outcome = 'Held' THEN subject END,
                    subject_key_id = CASE WHEN @kept OR d.outcome = 'Held' THEN subject_key_id END,
                    nhs_number_mac = CASE WHEN @kept OR d.outcome = 'Held' THEN nhs_number_mac END,
                    name_mac = NULL,
                    facts_mac = CASE WHEN @kept OR d.outcome = 'Held' THEN facts_mac END
                FROM unnest(@lines, @outcomes, @faults) AS d(line, outcome, faults)
                WHERE l.upload_id = @upload AND l.line = d.line
                """,
                [
                    new NpgsqlParameter("upload", upload.Id),
                    new NpgsqlParameter("kept", upload.DryRun),
                    new NpgsqlParameter("lines", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = _lines },
                    new NpgsqlParameter("outcomes", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = _outcomes },
                    new NpgsqlParameter("faults", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = _faults },
                ],
                cancellationToken
            );
    }
}
