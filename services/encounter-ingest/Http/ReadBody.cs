using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>
/// A request's body to a document: under the cap before and after decompression, and wiped from memory
/// afterwards.
/// </summary>
internal sealed class ReadBody(IOptions<IntakeOptions> settings)
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

internal enum FhirFormat
{
    Json,
    Xml,
}

/// <summary>Which of the two formats a request is in, and which its answer should be in.</summary>
internal static class Negotiation
{
    public static string MediaType(this FhirFormat format) =>
        format == FhirFormat.Xml ? "application/fhir+xml; charset=utf-8" : "application/fhir+json; charset=utf-8";

    /// <returns>Null where the body's media type is not one of FHIR R4's, or is in another encoding or
    /// version.</returns>
    public static FhirFormat? OfBody(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return null;
        if (
            type.Charset.HasValue
            && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && !type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase)
        )
        {
            return null;
        }

        foreach (var parameter in type.Parameters)
        {
            if (
                parameter.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase)
                && !parameter.Value.ToString().Trim('"').StartsWith("4.0", StringComparison.Ordinal)
            )
            {
                return null;
            }
        }

        return OfMediaType(type.MediaType.ToString());
    }

    /// <returns>Null where neither format is acceptable.</returns>
    public static FhirFormat? OfAnswer(HttpRequest request)
    {
        // _format is for those who cannot set headers, so it wins. "+" in a query arrives as a blank.
        if (request.Query["_format"].ToString() is { Length: > 0 } wanted)
        {
            return wanted.Replace(' ', '+').Split(';')[0].Trim() switch
            {
                "json" => FhirFormat.Json,
                "xml" => FhirFormat.Xml,
                var mediaType => OfMediaType(mediaType),
            };
        }

        var accept = request.GetTypedHeaders().Accept;
        if (accept.Count == 0)
            return OfBody(request) ?? FhirFormat.Json;
        foreach (var range in accept.OrderByDescending(range => range.Quality ?? 1))
        {
            if (range.Quality == 0)
                continue;
            if (range.MatchesAllTypes || range.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase))
                return OfBody(request) ?? FhirFormat.Json;
            if (OfMediaType(range.MediaType.ToString()) is { } format)
                return format;
        }

        return null;
    }

    private static FhirFormat? OfMediaType(string mediaType) =>
        mediaType.ToLowerInvariant() switch
        {
            "application/fhir+json" or "application/json" or "text/json" or "application/json+fhir" => FhirFormat.Json,
            "application/fhir+xml" or "application/xml" or "text/xml" or "application/xml+fhir" => FhirFormat.Xml,
            _ => null,
        };
}
