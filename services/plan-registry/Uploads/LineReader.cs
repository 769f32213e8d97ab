using System.Buffers;
using System.IO.Pipelines;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Cuts a stream into lines with bounded memory: of a line longer than any plan only the beginning is kept,
/// the rest runs through.
/// </summary>
internal sealed class LineReader(PipeReader input)
{
    public const int Longest = 16 * 1024;

    /// <summary>Lines of a body, the header and blank ones included.</summary>
    public const int Most = ValidatedLines.Most + 1;

    // Two byte order marks, and a byte.
    private const int LongestMarks = 7;

    public const string TooLongCode = "line-too-long";
    public const string TooLongWords = "The line is longer than 16 KiB, more than any plan needs.";

    private readonly byte[] _line = new byte[Longest];
    private bool _started;
    private bool _afterReturn;

    /// <summary>Number of the current line, from 1, counted as a text editor does.</summary>
    public int Number { get; private set; }

    /// <summary>The current line without its line break; only the beginning where <see cref="IsTooLong"/>.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    public bool IsTooLong { get; private set; }

    /// <summary>Goes to the next line that is not blank. False at the end.</summary>
    /// <exception cref="UploadRefusedException">There are too many lines.</exception>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        while (await AdvanceAsync(cancellationToken))
        {
            // Half a megabyte of gzip unpacks to half a billion blank lines: two minutes of work for nothing.
            if (Number > Most)
                throw ValidatedLines.TooMany();
            // Rows of commas are blank too, and the end-of-file mark of DOS is no line.
            if (IsTooLong || Line.Span.IndexOfAnyExcept(" \t,\x1A"u8) >= 0)
                return true;
        }

        return false;
    }

    private async ValueTask<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        IsTooLong = false;
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (!_started && buffer.Length < LongestMarks && !read.IsCompleted)
            {
                input.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            buffer = SkipLineFeed(SkipByteOrderMarks(buffer));
            var newline = EndOfLine(buffer);
            var part = newline is { } at ? buffer.Slice(0, at) : buffer;
            length += Take(part, length);
            if (newline is { } end)
            {
                _afterReturn = First(buffer.Slice(end)) == '\r';
                input.AdvanceTo(buffer.GetPosition(1, end));
                return Finish(length);
            }

            input.AdvanceTo(buffer.End);
            if (read.IsCompleted)
                return (length > 0 || IsTooLong) && Finish(length);
        }
    }

    // A carriage return alone ends a line too, as on old Macs; with the line feed behind it, it is one end and not two.
    private static SequencePosition? EndOfLine(in ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryAdvanceToAny("\r\n"u8, advancePastDelimiter: false) ? reader.Position : null;
    }

    private ReadOnlySequence<byte> SkipLineFeed(ReadOnlySequence<byte> buffer)
    {
        if (!_afterReturn || buffer.IsEmpty)
            return buffer;
        _afterReturn = false;
        return First(buffer) == '\n' ? buffer.Slice(1) : buffer;
    }

    private static byte First(in ReadOnlySequence<byte> buffer) =>
        new SequenceReader<byte>(buffer).TryPeek(out var first) ? first : (byte)0;

    // Programs that add one to a file that has one leave two.
    private ReadOnlySequence<byte> SkipByteOrderMarks(ReadOnlySequence<byte> buffer)
    {
        if (_started)
            return buffer;
        _started = true;
        var first = new SequenceReader<byte>(buffer);
        while (first.IsNext([0xEF, 0xBB, 0xBF], advancePast: true)) { }

        return buffer.Slice(first.Position);
    }

    private int Take(ReadOnlySequence<byte> part, int length)
    {
        var room = Math.Min(part.Length, Longest - length);
        part.Slice(0, room).CopyTo(_line.AsSpan(length));
        IsTooLong |= part.Length > room;
        return (int)room;
    }

    private bool Finish(int length)
    {
        while (length > 0 && !IsTooLong && _line[length - 1] == 0x1A)
            length--;
        Number++;
        Line = _line.AsMemory(0, length);
        return true;
    }
}
