using System.Buffers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Safeguarding.Portal.Pages.Register;

/// <summary>A form with a file, read as it comes: the fields first, then the file, of which nothing is kept.</summary>
internal sealed class FileForm
{
    private const long LargestFile = 256L * 1024 * 1024;
    private const int Fields = 64 * 1024;

    // So much is read away of a file that is too large, so that the browser shows why. Longer than that nobody waits.
    private const long MostDrained = 4 * LargestFile;

    private readonly HttpRequest _request;
    private readonly MultipartReader _reader;
    private MultipartSection? _next;

    private FileForm(HttpRequest request, string boundary) =>
        (_request, _reader) = (request, new MultipartReader(boundary, request.Body) { BodyLengthLimit = null });

    public bool IsTooLarge => _request.ContentLength > LargestFile + Fields;

    /// <returns>Null where it is no such form, or does not say how long it is.</returns>
    public static FileForm? Of(HttpRequest request) =>
        request.ContentLength is not null
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 128 } boundary
            ? new FileForm(request, boundary.ToString())
            : null;

    /// <returns>The field's value; null where another comes next.</returns>
    public async Task<string?> FieldAsync(string name, CancellationToken cancellationToken)
    {
        if (await NextAsync(cancellationToken) is not { } section || section.AsFormDataSection()?.Name != name)
            return null;
        _next = null;
        using var value = new StreamReader(section.Body);
        var text = new char[Fields];
        return new string(text, 0, await value.ReadBlockAsync(text, cancellationToken));
    }

    /// <returns>An empty name where none was chosen.</returns>
    public async Task<(string Name, Stream Content)> FileAsync(string name, CancellationToken cancellationToken) =>
        (await NextAsync(cancellationToken))?.AsFileSection() is { } file && file.Name == name
            ? (file.FileName, file.FileStream ?? Stream.Null)
            : ("", Stream.Null);

    /// <summary>Reads away what is left.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Fields);
        try
        {
            var left = MostDrained;
            int read;
            while (left > 0 && (read = await _request.Body.ReadAsync(buffer, cancellationToken)) > 0)
                left -= read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<MultipartSection?> NextAsync(CancellationToken cancellationToken) =>
        _next ??= await _reader.ReadNextSectionAsync(cancellationToken);
}
