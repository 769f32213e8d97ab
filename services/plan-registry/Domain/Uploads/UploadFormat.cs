using Microsoft.Net.Http.Headers;

namespace Safeguarding.PlanRegistry.Domain.Uploads;

internal enum UploadFormat
{
    Csv,
    Ndjson,

    /// <summary>One JSON array of the objects that NDJSON has one a line.</summary>
    Json,

    /// <summary>An Excel workbook (.xlsx).</summary>
    Workbook,
}

internal static class UploadFormats
{
    public const string WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <returns>Null where the body says it is something else.</returns>
    public static UploadFormat? Find(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return null;
        // utf8 without a hyphen is how many write it; ASCII is UTF-8 too.
        if (
            type.Charset.HasValue
            && type
                .Charset.Value?.Trim('"')
                .Replace("-", "", StringComparison.Ordinal)
                .Replace("_", "", StringComparison.Ordinal)
                .ToLowerInvariant()
                is not ("utf8" or "usascii" or "ascii")
        )
        {
            return null;
        }

        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "text/csv" => UploadFormat.Csv,
            "application/x-ndjson" or "application/ndjson" => UploadFormat.Ndjson,
            "application/json" => UploadFormat.Json,
            WorkbookType => UploadFormat.Workbook,
            _ => null,
        };
    }
}
