namespace Safeguarding.Identity.Pages;

/// <summary>What a browser sends from a page.</summary>
internal static class SentForm
{
    /// <exception cref="BadHttpRequestException">415: the body is not a form.</exception>
    public static Task<IFormCollection> ReadAsync(HttpRequest request) =>
        request.HasFormContentType
            ? request.ReadFormAsync(request.HttpContext.RequestAborted)
            : throw new BadHttpRequestException("A form is expected.", StatusCodes.Status415UnsupportedMediaType);
}
