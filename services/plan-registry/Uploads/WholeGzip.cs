using System.Buffers.Binary;
using System.IO.Compression;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Unpacks gzip and insists on its end. <see cref="GZipStream"/> takes a body that was cut in half for a whole one, and half a register would end the other half.
/// </summary>
internal sealed class WholeGzip : ReadingStream
{
    private readonly Tailed _packed;
    private readonly GZipStream _unpacked;
    private long _count;

    public WholeGzip(Stream packed)
    {
        _packed = new Tailed(packed);
        _unpacked = new GZipStream(_packed, CompressionMode.Decompress);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _unpacked.ReadAsync(buffer, cancellationToken);
        _count += read;
        // A gzip body ends with how long it is unpacked (RFC 1952, ISIZE); the checksum before it is GZipStream's to check.
        if (read == 0 && buffer.Length > 0 && !(_packed.IsEmpty || _packed.LastFour == (uint)_count))
            throw new InvalidDataException("The gzip body has no end.");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Tailed(Stream inner) : ReadingStream
    {
        private readonly byte[] _tail = new byte[4];

        public bool IsEmpty { get; private set; } = true;

        public uint LastFour => BinaryPrimitives.ReadUInt32LittleEndian(_tail);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            IsEmpty &= read == 0;
            var last = buffer.Span[..read];
            last = last[^Math.Min(4, read)..];
            _tail.AsSpan(last.Length).CopyTo(_tail);
            last.CopyTo(_tail.AsSpan(4 - last.Length));
            return read;
        }
    }
}
