using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Messaging.Storage;
using Safeguarding.Operations.Refusals;
using Safeguarding.Operations.Sources;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// The writer: takes every request that waits, commits them together, and answers each after the commit.
/// Under load one commit carries a hundred encounters; with one request it carries that one, at once.
/// </summary>
internal sealed partial class CommitTogether(
    Intake intake,
    IServiceScopeFactory scopes,
    Partitions partitions,
    SourceWatch sources,
    RefusalLog refusals,
    ILogger<CommitTogether> logger
) : BackgroundService
{
    private const int MostRequests = 128;
    private const int Attempts = 5;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>(MostRequests);
        while (await intake.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < MostRequests && intake.Reader.TryRead(out var waiting))
                batch.Add(waiting);
            await StoreAsync(batch);
            batch.Clear();
        }
    }

    private async Task StoreAsync(List<Waiting> batch)
    {
        try
        {
            var stored = await TryStoreAsync(batch);
            for (var i = 0; i < batch.Count; i++)
            {
                if (stored[i].All(one => one.Encounter is not null && !one.Result.IsRefusal()))
                {
                    sources.Heard(batch[i].Intents[0].Caller.Organisation, batch[i].Intents.Count);
                    refusals.Accepted([
                        .. batch[i]
                            .Intents.SelectMany(intent => intent.Identifiers)
                            .SelectMany(identifier => identifier.Macs),
                    ]);
                }

                batch[i].Committed(stored[i]);
            }
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            Unavailable(logger, batch.Count, TransientFaults.Name(exception));
            foreach (var waiting in batch)
                waiting.Failed(new NotStoredException(IssueKind.Unavailable, exception));
        }
        catch (Exception exception) when (batch.Count == 1)
        {
            NotStored(logger, exception);
            batch[0].Failed(exception);
        }
        catch (Exception exception)
        {
            // One that cannot be stored must not take the others with it.
            Alone(logger, exception, batch.Count);
            foreach (var waiting in batch)
                await StoreAsync([waiting]);
        }
    }

    private async Task<IReadOnlyList<Stored>[]> TryStoreAsync(List<Waiting> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                return await scope.ServiceProvider.GetRequiredService<StoreEncounters>().StoreAsync(batch);
            }
            catch (RacedException) when (attempt < Attempts)
            {
                // Another replica made one of these encounters in between: now it is there to be read.
            }
            catch (PostgresException exception)
                when (attempt < Attempts
                    && exception.SqlState
                        is PostgresErrorCodes.DeadlockDetected
                            or PostgresErrorCodes.SerializationFailure
                )
            {
                // Rolled back whole, so it can be done again.
            }
            catch (PostgresException exception)
                when (attempt < Attempts && exception.SqlState == PostgresErrorCodes.CheckViolation)
            {
                // "No partition found for row": the clock has moved past what was made ahead.
                await partitions.CreateAheadAsync(CancellationToken.None);
            }
        }
    }

    // What another process stored first, and what a lost key seals, will be right at the next attempt too.
    private static bool IsUnavailable(Exception exception) =>
        exception is RacedException or CryptographicException || TransientFaults.IsUnavailable(exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Requests} requests were answered 503: the store is unavailable or its answer is not certain ({Failure})"
    )]
    private static partial void Unavailable(ILogger logger, int requests, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request could not be stored")]
    private static partial void NotStored(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A commit of {Requests} requests failed; each is tried alone")]
    private static partial void Alone(ILogger logger, Exception exception, int requests);
}

/// <summary>Another process inserted the same encounter first.</summary>
internal sealed class RacedException : Exception;

/// <summary>What happened to one submission.</summary>
/// <param name="Result">In a word.</param>
/// <param name="Encounter">As it is stored now; null where it was refused.</param>
/// <param name="SiteIsRegistered">Whether the trust has registered the site that it names.</param>
internal sealed record Stored(SubmissionResult Result, StoredEncounter? Encounter, bool SiteIsRegistered);

/// <summary>The submissions of one request, all or none of which are stored.</summary>
internal sealed class Waiting(IReadOnlyList<Intent> intents)
{
    private readonly TaskCompletionSource<IReadOnlyList<Stored>> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public IReadOnlyList<Intent> Intents { get; } = intents;

    public Task<IReadOnlyList<Stored>> Answer => _answer.Task;

    public void Committed(IReadOnlyList<Stored> stored) => _answer.TrySetResult(stored);

    public void Failed(Exception exception) => _answer.TrySetException(exception);
}

/// <summary>
/// Where requests wait for the writer. Bounded: a sender that is told 503 sends again, one that waits for
/// minutes gives up unseen.
/// </summary>
internal sealed class Intake(IOptions<IntakeOptions> settings)
{
    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(settings.Value.Capacity)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        }
    );

    public ChannelReader<Waiting> Reader => _queue.Reader;

    /// <returns>What was committed, one for each intent.</returns>
    /// <exception cref="NotStoredException">The queue is full, or the commit is not known to have happened.</exception>
    public async Task<IReadOnlyList<Stored>> SubmitAsync(IReadOnlyList<Intent> intents)
    {
        var waiting = new Waiting(intents);
        if (!_queue.Writer.TryWrite(waiting))
            throw new NotStoredException(Fhir.IssueKind.Busy);
        try
        {
            // The request may give up waiting; the commit is never cancelled.
            return await waiting.Answer.WaitAsync(TimeSpan.FromSeconds(settings.Value.WaitSeconds));
        }
        catch (TimeoutException exception)
        {
            throw new NotStoredException(Fhir.IssueKind.Unavailable, exception);
        }
    }
}
