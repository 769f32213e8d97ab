using System.Text;
using Microsoft.Net.Http.Headers;

namespace Safeguarding.PlanRegistry.Uploads;

internal enum UploadFormat
{
    Csv,
    Ndjson,
}

internal static class UploadFormats
{
    /// <returns>Null where the body says it is something else.</returns>
    public static UploadFormat? Of(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return null;
        if (type.Charset.HasValue && type.Encoding is not UTF8Encoding)
            return null;
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "text/csv" => UploadFormat.Csv,
            "application/x-ndjson" or "application/ndjson" => UploadFormat.Ndjson,
            _ => null,
        };
    }
}
