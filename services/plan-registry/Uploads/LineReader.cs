using System.Buffers;
using System.IO.Pipelines;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>Cuts a stream into lines with bounded memory: of a line longer than any plan only the beginning is kept, the rest runs through.</summary>
internal sealed class LineReader(PipeReader input)
{
    public const int Longest = 16 * 1024;

    /// <summary>Lines of a body, the header and blank ones included.</summary>
    public const int Most = JudgedLines.Most + 1;

    public const string TooLongCode = "line-too-long";
    public const string TooLongWords = "The line is longer than 16 KiB, more than any plan needs.";

    private readonly byte[] _line = new byte[Longest];
    private bool _started;

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
                throw JudgedLines.TooMany();
            if (IsTooLong || Line.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
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
            if (!_started && buffer.Length < 3 && !read.IsCompleted)
            {
                input.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            buffer = SkipByteOrderMark(buffer);
            var newline = buffer.PositionOf((byte)'\n');
            var part = newline is { } at ? buffer.Slice(0, at) : buffer;
            length += Take(part, length);
            if (newline is { } end)
            {
                input.AdvanceTo(buffer.GetPosition(1, end));
                return Finish(length);
            }

            input.AdvanceTo(buffer.End);
            if (read.IsCompleted)
                return (length > 0 || IsTooLong) && Finish(length);
        }
    }

    private ReadOnlySequence<byte> SkipByteOrderMark(ReadOnlySequence<byte> buffer)
    {
        if (_started)
            return buffer;
        _started = true;
        var first = new SequenceReader<byte>(buffer);
        return first.IsNext([0xEF, 0xBB, 0xBF]) ? buffer.Slice(3) : buffer;
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
        if (length > 0 && !IsTooLong && _line[length - 1] == '\r')
            length--;
        Number++;
        Line = _line.AsMemory(0, length);
        return true;
    }
}
