using Microsoft.EntityFrameworkCore;
using Safeguarding.Messaging.Storage;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Wakes the worker of this process when an upload is ready.</summary>
internal sealed class UploadSignal : WakeUpSignal;

/// <summary>
/// Takes the ready uploads on, a step each in turn, so that one council's large register does not hold up
/// another's changes.
/// </summary>
internal sealed partial class UploadWorker(
    IServiceScopeFactory scopes,
    UploadSignal signal,
    TimeProvider clock,
    ILogger<UploadWorker> logger
) : BackgroundService
{
    /// <summary>The states in which an upload still changes the register without the council's word.</summary>
    public static readonly UploadState[] UnderWay =
    [
        UploadState.Receiving,
        UploadState.Queued,
        UploadState.Applying,
        UploadState.Ending,
    ];

    private const int MostAttempts = 5;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // The machine's time: an upload may have been left by another process.
            if (!await RoundAsync(stoppingToken))
                await signal.WaitAsync(Poll, TimeProvider.System, stoppingToken);
        }
    }

    /// <returns>False where there was nothing to do, or it could not be done now.</returns>
    private async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        var worked = false;
        Guid? current = null;
        try
        {
            foreach (var id in await ReadyAsync(cancellationToken))
            {
                current = id;
                await using var scope = scopes.CreateAsyncScope();
                worked |= await ActivatorUtilities
                    .CreateInstance<ApplyUpload>(scope.ServiceProvider)
                    .StepAsync(id, cancellationToken);
            }

            return worked;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            // The step rolled back and is tried again. While Postgres is unavailable nothing can be counted, so only a
            // failing step is given up.
            StepFailed(logger, current, exception);
            if (current is { } id)
                await CountFailureAsync(id, cancellationToken);
            return false;
        }
    }

    private async Task<List<Guid>> ReadyAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanRegistryDb>();
        await AbandonedUploads.FailAsync(db, clock, cancellationToken);
        UploadState[] ready = [UploadState.Queued, UploadState.Applying, UploadState.Ending];
        return await db
            .Uploads.Where(upload =>
                ready.Contains(upload.State)
                && !db.Uploads.Any(other =>
                    other.CouncilCode == upload.CouncilCode
                    && !other.DryRun
                    && UnderWay.Contains(other.State)
                    && (
                        upload.DryRun ? other.ReceivedAt < upload.ReceivedAt
                        // What the council has numbered again came before all that it has sent since.
                        : other.NumberReleased != upload.NumberReleased ? other.NumberReleased
                        : other.Sequence < upload.Sequence
                    )
                )
            )
            .OrderBy(upload => upload.ReceivedAt)
            .Select(upload => upload.Id)
            .ToListAsync(cancellationToken);
    }

    private async Task CountFailureAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<PlanRegistryDb>();
            var now = clock.GetUtcNow();
            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE plan_registry.upload SET attempts = attempts + 1,
                    state = CASE WHEN attempts + 1 >= {MostAttempts} THEN 'Failed' ELSE state END,
                    finished_at = CASE WHEN attempts + 1 >= {MostAttempts} THEN {now} END,
                    failure_code = CASE WHEN attempts + 1 >= {MostAttempts} THEN 'hub-failed' END,
                    failure_words = CASE WHEN attempts + 1 >= {MostAttempts} THEN
                        'The hub failed after ' || lines_done || ' lines, which stay applied. Send the upload again under the same number.' END
                WHERE id = {id}
                """,
                cancellationToken
            );
        }
        catch (Exception exception)
            when (TransientFaults.IsDatabaseError(exception) || exception is OperationCanceledException)
        {
            StepFailed(logger, id, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A step of upload {UploadId} failed and will be tried again")]
    private static partial void StepFailed(ILogger logger, Guid? uploadId, Exception exception);
}

internal static class UploadRegistration
{
    public static IServiceCollection AddUploads(this IServiceCollection services)
    {
        services.AddOptions<UploadOptions>().BindConfiguration("Uploads").ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<UploadSignal>()
            .AddSingleton<UploadSlots>()
            .AddHostedService<UploadWorker>()
            .AddHostedService<WatchWaitingUploads>();
    }
}
