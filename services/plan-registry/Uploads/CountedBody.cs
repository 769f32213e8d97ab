using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// A body that is hashed and counted while it is read, and refused when it unpacks to more than a register can
/// be.
/// </summary>
internal sealed class CountedBody : IDisposable
{
    private readonly Counting _stream;

    public CountedBody(Stream body, long longest)
    {
        _stream = new Counting(body, longest);
        Reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
    }

    public PipeReader Reader { get; }

    /// <summary>Of all that was read, once it was read to its end.</summary>
    public string Hash() => Convert.ToHexStringLower(_stream.Sha256.GetHashAndReset());

    public void Dispose() => _stream.Dispose();

    public async Task RunThroughAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await _stream.ReadAsync(buffer, cancellationToken) > 0) { }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Counting(Stream inner, long longest) : ReadingStream
    {
        private long _count;

        public IncrementalHash Sha256 { get; } = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Sha256.AppendData(buffer.Span[..read]);
            _count += read;
            return _count <= longest
                ? read
                : throw new UploadRefusedException(
                    StatusCodes.Status413PayloadTooLarge,
                    "too-large",
                    $"The file is larger than {longest / (1024 * 1024)} MiB unpacked."
                );
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                Sha256.Dispose();
            base.Dispose(disposing);
        }
    }
}
