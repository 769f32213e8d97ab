using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Safeguarding.EncounterIngest.Http;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>What happened to one submission.</summary>
internal sealed record Stored(SubmissionResult Result, StoredEncounter? Encounter);

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
internal sealed class Intake(IOptions<IntakeSettings> settings)
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
