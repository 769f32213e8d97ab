using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Options;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>
/// A request's body to a document: under the cap before and after decompression, and wiped from memory
/// afterwards.
/// </summary>
internal sealed class ReadBody(IOptions<IntakeSettings> settings)
{
    /// <exception cref="RefusedException">The body is not one that can be read.</exception>
    public async Task<FhirDocument> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Negotiation.OfAnswer(request) is null)
            throw new RefusedException(IssueKind.NotAcceptable);
        if (Negotiation.OfBody(request) is not { } format)
            throw new RefusedException(IssueKind.MediaTypeUnsupported);
        var cap = settings.Value.MaxBodyBytes;
        if (request.ContentLength > cap)
            throw new RefusedException(IssueKind.BodyTooLarge, detail: Limit(cap));

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength ?? 16 * 1024, cap) + 1);
        try
        {
            var length = 0;
            await using var body = Decompressed(request);
            while (true)
            {
                if (length == buffer.Length)
                    Grow(ref buffer, length);
                var read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    break;
                length += read;
                if (length > cap)
                    throw new RefusedException(IssueKind.BodyTooLarge, detail: Limit(cap));
            }

            var document = Parse(buffer.AsSpan(0, length), format);
            RecordRefusals.Remember(request.HttpContext, document);
            return document;
        }
        catch (InvalidDataException)
        {
            throw new RefusedException(IssueKind.GzipMalformed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>The limit in words, for a 413.</summary>
    public static string Limit(int bytes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The limit is {bytes} bytes, before and after decompression. Send fewer encounters at a time."
        );

    private static FhirDocument Parse(ReadOnlySpan<byte> utf8, FhirFormat format)
    {
        var root = format == FhirFormat.Xml ? ReadXml.Read(utf8) : ReadJson.Read(utf8);
        if (string.IsNullOrEmpty(root.ResourceType))
            throw new RefusedException(IssueKind.ResourceTypeMissing);
        return new FhirDocument(root, format == FhirFormat.Xml);
    }

    private static Stream Decompressed(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            _ => throw new RefusedException(IssueKind.MediaTypeUnsupported),
        };

    private static void Grow(ref byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = larger;
    }
}
