using Safeguarding.EncounterIngest.Hl7v2.Receiving;
using Safeguarding.EncounterIngest.Hl7v2.Senders;

namespace Safeguarding.EncounterIngest.Hl7v2.Mllp;

/// <summary>
/// One connection: one message at a time, answered in order. It closes instead of answering late, because a late answer
/// is taken for that of the next message.
/// </summary>
internal sealed class MllpConnection(
    Stream stream,
    string? thumbprint,
    Hl7v2Options settings,
    ReceiveMessage receive,
    TimeProvider clock
) : IAsyncDisposable
{
    internal static readonly TimeSpan LongestFrame = TimeSpan.FromSeconds(30);

    // A 0x0D that belongs to the 0x1C before it comes with it or right behind it.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    private readonly FrameDecoder _frames = new(settings.MaxMessageBytes);
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Task<int>? _reading;
    private long _openSince;

    /// <summary>Serves until the sender closes, the service stops, or a message cannot be answered.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<string> ServeAsync(CancellationToken stopping)
    {
        while (true)
        {
            while (_frames.TryTake(out var message))
            {
                if (await AnswerAsync(message) is { } end)
                    return end;
            }

            if (stopping.IsCancellationRequested)
                return "the service stops";
            try
            {
                if (await ReadAsync(stopping) is { } end)
                    return end;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return "the service stops";
            }
        }
    }

    private async Task<string?> AnswerAsync(byte[] message)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(settings.AnswerSeconds), clock);
        Reply reply;
        try
        {
            reply = await receive.ReceiveAsync(message, thumbprint, late.Token).WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return "the answer would be late";
        }

        switch (reply)
        {
            case Reply.Close(var reason):
                return reason;
            case Reply.Answer(var acknowledgement):
                using (var writing = new CancellationTokenSource(LongestFrame, clock))
                    await stream.WriteAsync(FrameDecoder.Frame(acknowledgement), writing.Token);
                break;
        }

        return null;
    }

    private async Task<string?> ReadAsync(CancellationToken stopping)
    {
        // A read that was waited for without result is not given up: it goes on under the next wait.
        _reading ??= stream.ReadAsync(_buffer, CancellationToken.None).AsTask();
        try
        {
            var read = await _reading.WaitAsync(IdleTimeout(), clock, stopping);
            _reading = null;
            if (read == 0)
            {
                _frames.Silence();
                if (_frames.IsOpen)
                    return "the sender closed inside a message";
                // What came before the end is answered, for those who close their half first.
                while (_frames.TryTake(out var message))
                {
                    if (await AnswerAsync(message) is { } end)
                        return end;
                }

                return "the sender closed";
            }

            var wasOpen = _frames.IsOpen;
            _frames.Push(_buffer.AsSpan(0, read));
            if (!wasOpen || _frames.HasReady)
                _openSince = clock.GetTimestamp();
            return null;
        }
        catch (TimeoutException) when (_frames.IsEnding)
        {
            _frames.Silence();
            return null;
        }
        catch (TimeoutException)
        {
            return "a message was not finished in 30 seconds";
        }
        catch (FramingException exception)
        {
            return exception.Message;
        }
    }

    private TimeSpan IdleTimeout()
    {
        if (_frames.IsEnding)
            return Silence;
        if (!_frames.IsOpen)
            return Timeout.InfiniteTimeSpan;
        var left = LongestFrame - clock.GetElapsedTime(_openSince);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
