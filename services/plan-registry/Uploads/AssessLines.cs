using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Counts what an upload would do to running plans, before any line is applied.</summary>
internal static class AssessLines
{
    /// <summary><see cref="Upload.LinesAssessed"/> when all are.</summary>
    public const int All = int.MaxValue;

    private const int Batch = 2_000;

    public static async Task StepAsync(
        PlanRegistryDb db,
        Upload upload,
        Sealer sealer,
        CancellationToken cancellationToken
    )
    {
        var lines =
            upload.Running == 0
                ? []
                : await db
                    .StagedLines.AsNoTracking()
                    .Where(line =>
                        line.UploadId == upload.Id
                        && line.Line > upload.LinesAssessed
                        && line.ReferenceIsSure
                        && line.Reference != null
                        && line.Action != LineAction.Refused
                    )
                    .OrderBy(line => line.Line)
                    .Take(Batch)
                    .ToListAsync(cancellationToken);
        if (lines.Count == 0)
        {
            upload.LinesAssessed = All;
            return;
        }

        var references = lines.Select(line => line.Reference!).Distinct().ToArray();
        var repeated = await ApplyLines.RepeatedAsync(db, upload.Id, references, cancellationToken);
        var plans = await db
            .Plans.AsNoTracking()
            .Where(plan =>
                plan.CouncilCode == upload.CouncilCode
                && plan.DeletedAt == null
                && plan.EndDate == null
                && references.Contains(plan.Reference)
            )
            .ToDictionaryAsync(plan => plan.Reference, StringComparer.Ordinal, cancellationToken);
        foreach (var line in lines.Where(line => !repeated.ContainsKey(line.Reference!)))
        {
            var plan = plans.GetValueOrDefault(line.Reference!);
            var facts = line.Action == LineAction.Registers ? KeepStored.Facts(line, plan, sealer) : null;
            _ = LineEffect.Decide(line, facts, plan, sealer)?.Kind switch
            {
                LineEffect.Kinds.Identity => upload.IdentityChanges++,
                LineEffect.Kinds.Ends => upload.LineEndings++,
                LineEffect.Kinds.Deletes => upload.LineDeletions++,
                _ => 0,
            };
        }

        upload.LinesAssessed = lines[^1].Line;
    }
}
