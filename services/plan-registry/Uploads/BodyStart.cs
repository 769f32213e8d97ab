using System.Buffers;
using System.IO.Pipelines;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Tells by its first bytes what a body is, where it is not what its headers say, so that the refusal says
/// what to do.
/// </summary>
internal static class BodyStart
{
    private const int Bytes = 16;

    /// <returns>The format to read it by. It reads nothing away.</returns>
    /// <exception cref="UploadRefusedException">It is something else.</exception>
    public static async ValueTask<UploadFormat> CheckAsync(
        PipeReader body,
        UploadFormat said,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.Length < Bytes && !read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var start = read.Buffer.Slice(0, Math.Min(Bytes, read.Buffer.Length)).ToArray();
            body.AdvanceTo(read.Buffer.Start);
            return Check(start, said);
        }
    }

    private static UploadFormat Check(ReadOnlySpan<byte> start, UploadFormat said)
    {
        if (start.StartsWith<byte>([0x1F, 0x8B]))
        {
            throw Unsupported(
                "gzip-not-declared",
                "The body is gzip, and its header Content-Encoding: gzip is missing (or it was packed twice)."
            );
        }

        if (start.StartsWith("PK\x03\x04"u8) && said != UploadFormat.Workbook)
        {
            throw Unsupported(
                "workbook",
                "This is an Excel workbook or a zip file. Save it as \"CSV UTF-8\", or send an .xlsx workbook as "
                    + $"{UploadFormats.WorkbookType}."
            );
        }

        if (start.StartsWith<byte>([0xD0, 0xCF, 0x11, 0xE0]))
        {
            throw Unsupported(
                "workbook",
                "This is an old .xls workbook, or one with a password. Save it as \"CSV UTF-8\" or as .xlsx without "
                    + "a password."
            );
        }

        if (said == UploadFormat.Workbook)
        {
            return start.StartsWith("PK"u8)
                ? said
                : throw Unsupported("workbook", "This is no .xlsx workbook. Send text as text/csv.");
        }

        if (start.StartsWith<byte>([0xFF, 0xFE]) || start.StartsWith<byte>([0xFE, 0xFF]) || start.Contains((byte)0))
        {
            throw new UploadRefusedException(
                StatusCodes.Status400BadRequest,
                "header-encoding",
                "The file is not UTF-8 text (it looks like UTF-16). Save it as UTF-8; in Excel as \"CSV UTF-8\"."
            );
        }

        while (start.StartsWith<byte>([0xEF, 0xBB, 0xBF]))
            start = start[3..];
        start = start.TrimStart(" \t\r\n"u8);
        return (start.IsEmpty ? 0 : (char)start[0], said) switch
        {
            ('<' or '%', _) => throw Unsupported(
                "media-type",
                "This is a web page, XML or a PDF, and no table. Save it as \"CSV UTF-8\"."
            ),
            ('[' or '{', UploadFormat.Csv) => throw Unsupported(
                "media-type",
                "This is JSON, and not CSV. Send one object a line as application/x-ndjson, or one array as "
                    + "application/json."
            ),
            ('[', UploadFormat.Ndjson) => UploadFormat.Json,
            ('r' or 'R' or '"', UploadFormat.Ndjson or UploadFormat.Json) => throw Unsupported(
                "media-type",
                "This is CSV or other text, and not JSON. Send CSV as text/csv."
            ),
            _ => said,
        };
    }

    private static UploadRefusedException Unsupported(string code, string words) =>
        new(StatusCodes.Status415UnsupportedMediaType, code, words);
}
