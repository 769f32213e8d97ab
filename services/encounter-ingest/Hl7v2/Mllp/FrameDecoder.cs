namespace Safeguarding.EncounterIngest.Hl7v2.Mllp;

/// <summary>The stream is not MLLP, or the frame is larger than allowed: there is nothing to answer to.</summary>
internal sealed class FramingException(string reason) : Exception(reason);

/// <summary>
/// Cuts a stream of bytes into messages: 0x0B, the message, 0x1C, 0x0D. It is strict in nothing that real senders get
/// wrong, wherever packets begin and end.
/// </summary>
internal sealed class FrameDecoder(int largest)
{
    public const byte Start = 0x0B;
    public const byte End = 0x1C;
    private const byte Return = 0x0D;
    private const int MostNoise = 4096;

    private readonly Queue<byte[]> _ready = new();
    private byte[] _message = new byte[4096];
    private int _length;
    private int _noise;
    private Position _position;

    private enum Position
    {
        Between,
        Inside,

        /// <summary>Behind an 0x1C, which ends the message unless more of it follows.</summary>
        Ending,
    }

    /// <summary>A message has begun and its end has not come.</summary>
    public bool IsOpen => _position != Position.Between;

    /// <summary>All of a message is there if nothing follows.</summary>
    public bool IsEnding => _position == Position.Ending;

    /// <exception cref="FramingException">What comes is not a message.</exception>
    public void Push(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            Push(one);
    }

    public bool HasReady => _ready.Count > 0;

    public bool TryTake(out byte[] message) => _ready.TryDequeue(out message!);

    /// <summary>Nothing has followed an 0x1C: some senders leave the 0x0D out.</summary>
    public void Silence()
    {
        if (_position == Position.Ending)
            Complete();
    }

    private void Push(byte one)
    {
        switch (_position)
        {
            case Position.Between when one == Start:
                (_position, _length, _noise) = (Position.Inside, 0, 0);
                break;
            case Position.Between:
                if (!IsFiller(one) && ++_noise > MostNoise)
                    throw new FramingException("no message in 4 KiB");
                break;
            case Position.Inside when one == End:
                _position = Position.Ending;
                break;
            // Written twice.
            case Position.Inside when one == Start && _length == 0:
                break;
            case Position.Inside:
                Append(one);
                break;
            case Position.Ending when one == Start:
                Complete();
                _position = Position.Inside;
                break;
            case Position.Ending when IsFiller(one):
                Complete();
                break;
            case Position.Ending:
                _position = Position.Inside;
                Append(End);
                Append(one);
                break;
        }
    }

    private void Append(byte one)
    {
        if (_length == largest)
            throw new FramingException("the message is too large");
        if (_length == _message.Length)
            Array.Resize(ref _message, Math.Min(_message.Length * 2, largest));
        _message[_length++] = one;
        // 0x0B is a line break to some editors; before a header it is the next message, and this one lacks its end.
        if (
            one == 'H'
            && _length > 4
            && _message
                .AsSpan(_length - 4, 4)
                .SequenceEqual((ReadOnlySpan<byte>)[Start, (byte)'M', (byte)'S', (byte)'H'])
        )
        {
            throw new FramingException("a message begins before the end of another");
        }
    }

    private void Complete()
    {
        _position = Position.Between;
        if (_length > 0)
            _ready.Enqueue(_message.AsSpan(0, _length).ToArray());
        _length = 0;
    }

    private static bool IsFiller(byte one) => one is Return or (byte)'\n' or 0 or End;

    /// <summary>A message in its frame.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message) => [Start, .. message, End, Return];
}
