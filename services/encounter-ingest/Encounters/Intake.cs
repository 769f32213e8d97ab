using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// How many requests may wait for their commit (<c>Intake__Capacity</c>), and for how long
/// (<c>Intake__WaitSeconds</c>).
/// </summary>
internal sealed class IntakeSettings
{
    internal const int LargestBody = 16 * 1024 * 1024;

    [System.ComponentModel.DataAnnotations.Range(
        1,
        100_000,
        ErrorMessage = "Intake__Capacity must be between 1 and 100000."
    )]
    public int Capacity { get; set; } = 2_000;

    [System.ComponentModel.DataAnnotations.Range(
        1,
        300,
        ErrorMessage = "Intake__WaitSeconds must be between 1 and 300."
    )]
    public int WaitSeconds { get; set; } = 20;

    /// <summary>Largest body, before and after decompression (<c>Intake__MaxBodyBytes</c>).</summary>
    [System.ComponentModel.DataAnnotations.Range(
        1024,
        LargestBody,
        ErrorMessage = "Intake__MaxBodyBytes must be between 1024 and 16777216."
    )]
    public int MaxBodyBytes { get; set; } = 256 * 1024;
}

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

/// <summary>Why a request gets 503: the queue is full, or it is not certain that it was stored.</summary>
internal sealed class NotStoredException(Fhir.IssueKind kind, Exception? inner = null) : Exception(kind.Code, inner)
{
    public Fhir.IssueKind Kind { get; } = kind;
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
