using Microsoft.Net.Http.Headers;

namespace Safeguarding.EncounterIngest.Http;

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
