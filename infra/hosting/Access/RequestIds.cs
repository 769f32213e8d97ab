using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Safeguarding.Contracts;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// The ids by which a caller finds one request again: in the answer's headers, in every log line of the request and in its audit row.
/// </summary>
/// <param name="RequestId"><c>X-Request-Id</c> as the caller sent it, else one that the hub made.</param>
/// <param name="CorrelationId"><c>X-Correlation-Id</c> as the caller sent it, else the request id.</param>
public sealed partial record RequestIds(string RequestId, string CorrelationId)
{
    internal const string RequestHeader = "X-Request-Id";
    internal const string CorrelationHeader = "X-Correlation-Id";

    internal static RequestIds? Of(HttpContext context) => context.Features.Get<RequestIds>();

    internal static RequestIds Read(IHeaderDictionary headers)
    {
        var request = Usable(headers[RequestHeader]) ?? Guid.CreateVersion7().ToString();
        return new RequestIds(request, Usable(headers[CorrelationHeader]) ?? request);
    }

    // It is written to logs and audit rows, so a text that holds an NHS number is no id.
    private static string? Usable(string? text) =>
        text is not null && Form().IsMatch(text) && !TenDigits().Matches(text).Any(IsNhsNumber) ? text : null;

    private static bool IsNhsNumber(Match tenDigits) =>
        NhsNumber.TryParse(string.Concat(tenDigits.Value.Where(char.IsAsciiDigit)), out _);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,127}\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"(?<![0-9A-Fa-f])[0-9]{3}[-._:]?[0-9]{3}[-._:]?[0-9]{4}(?![0-9A-Fa-f])")]
    private static partial Regex TenDigits();
}

internal static class RequestIdsPipeline
{
    /// <summary>First in the pipeline, so that every answer has the ids, whoever writes it.</summary>
    public static void UseRequestIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var ids = RequestIds.Read(context.Request.Headers);
        context.Features.Set(ids);
        // At the start of the answer: what turns an exception into an answer clears the headers first.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[RequestIds.RequestHeader] = ids.RequestId;
            context.Response.Headers[RequestIds.CorrelationHeader] = ids.CorrelationId;
            return Task.CompletedTask;
        });
        return next(context);
    });
}
