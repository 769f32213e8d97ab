using System.Buffers;
using System.IO.Pipelines;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Cuts a JSON array into its elements with bounded memory. It knows brackets, quotes and commas only; whether an
/// element is good JSON is judged by itself, so that one bad element spoils no other.
/// </summary>
internal sealed class JsonArrayReader(PipeReader input)
{
    private readonly byte[] _element = new byte[LineReader.Longest];
    private int _length;
    private int _depth;
    private bool _inText;
    private bool _escaped;
    private bool _opened;
    private bool _closed;

    /// <summary>Which element it is, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The element; only its beginning where <see cref="IsTooLong"/>.</summary>
    public ReadOnlyMemory<byte> Element => _element.AsMemory(0, Math.Min(_length, _element.Length));

    public bool IsTooLong => _length > _element.Length;

    /// <summary>Goes to the next element. False at the end of the array.</summary>
    /// <exception cref="UploadRefusedException">It is no array, or has no end.</exception>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        _length = 0;
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var isWhole = Scan(read.Buffer, out var consumed);
            input.AdvanceTo(consumed, isWhole ? consumed : read.Buffer.End);
            if (isWhole)
            {
                if (++Number > ValidatedLines.Most)
                    throw ValidatedLines.TooMany();
                return true;
            }

            if (!read.IsCompleted)
                continue;
            return _closed || !_opened && _length == 0 ? false : throw NoEnd();
        }
    }

    private bool Scan(in ReadOnlySequence<byte> buffer, out SequencePosition consumed)
    {
        var reader = new SequenceReader<byte>(buffer);
        while (reader.TryRead(out var b))
        {
            if (_inText)
            {
                Keep(b);
                (_inText, _escaped) = (_escaped || b != '"', !_escaped && b == '\\');
                continue;
            }

            var isBlank = b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
            if (!_opened || _closed)
            {
                if (!isBlank && b is not (0xEF or 0xBB or 0xBF) && (_closed || !(_opened = b == '[')))
                    throw NoEnd();
                continue;
            }

            if (_depth == 0 && b is (byte)',' or (byte)']')
            {
                _closed = b == ']';
                if (_length == 0)
                    continue;
                consumed = reader.Position;
                return true;
            }

            if (isBlank && _length == 0)
                continue;
            Keep(b);
            _inText = b == '"';
            _depth +=
                b is (byte)'{' or (byte)'[' ? 1
                : b is (byte)'}' or (byte)']' ? -1
                : 0;
        }

        consumed = reader.Position;
        return false;
    }

    private void Keep(byte b)
    {
        if (_length < _element.Length)
            _element[_length] = b;
        if (_length <= _element.Length)
            _length++;
    }

    private static UploadRefusedException NoEnd() =>
        new(
            StatusCodes.Status400BadRequest,
            "json-array",
            "The body must be one JSON array of flat objects, with its closing bracket and nothing behind it. "
                + "Nothing was changed."
        );
}
