using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Safeguarding.Contracts;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// The ids by which a caller finds one request again: in the answer's headers, in every log line of the request and in
/// its audit row.
/// </summary>
/// <param name="RequestId"><c>X-Request-Id</c> as the caller sent it, else one that the hub made.</param>
/// <param name="CorrelationId"><c>X-Correlation-Id</c> as the caller sent it, else the request id.</param>
public sealed partial record RequestIds(string RequestId, string CorrelationId)
{
    internal const string RequestHeader = "X-Request-Id";
    internal const string CorrelationHeader = "X-Correlation-Id";

    /// <summary>
    /// Whether an audit record says what the request did; what is left without one gets one of its
    /// route.
    /// </summary>
    public bool Audited { get; set; }

    internal static RequestIds? Get(HttpContext context) => context.Features.Get<RequestIds>();

    internal static RequestIds Read(IHeaderDictionary headers)
    {
        var request = Usable(headers[RequestHeader]) ?? Guid.CreateVersion7().ToString();
        return new RequestIds(request, Usable(headers[CorrelationHeader]) ?? request);
    }

    // It is written to logs and audit rows, so a text that has an NHS number is not an id.
    private static string? Usable(string? text) =>
        text is not null && Form().IsMatch(text) && !TenDigits().Matches(text).Any(IsNhsNumber) ? text : null;

    private static bool IsNhsNumber(Match tenDigits) =>
        NhsNumber.TryParse(string.Concat(tenDigits.Value.Where(char.IsAsciiDigit)), out _);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,127}\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"(?<![0-9A-Fa-f])[0-9]{3}[-._:]?[0-9]{3}[-._:]?[0-9]{4}(?![0-9A-Fa-f])")]
    private static partial Regex TenDigits();
}

/// <summary>The outermost part of the pipeline.</summary>
public static partial class RequestIdsPipeline
{
    /// <summary>
    /// First in the pipeline, so that every answer has the ids, whoever writes it, and every refusal is logged with its
    /// code, client, route and trace.
    /// </summary>
    public static void UseRequestIds(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Safeguarding.Hosting.Requests");
        app.Use((context, next) => AnswerAsync(context, next, logger));
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        var ids = RequestIds.Read(context.Request.Headers);
        context.Features.Set(ids);
        // At the start of the answer: what turns an exception into an answer clears the headers first.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[RequestIds.RequestHeader] = ids.RequestId;
            context.Response.Headers[RequestIds.CorrelationHeader] = ids.CorrelationId;
            SecureHeaders.Add(context);
            return Task.CompletedTask;
        });
        // Where neither logs nor traces are collected the framework starts none, and a refusal would have no trace id
        // to quote.
        using var activity = Activity.Current is null ? new Activity("request").Start() : null;
        using var scope = logger.BeginScope(ids);
        await next(context);
        if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
            return;
        var route =
            (context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) as RouteEndpoint;
        if (route?.RoutePattern.RawText?.StartsWith("/health", StringComparison.Ordinal) == true)
            return;
        var caller = Caller.From(context.User);
        Refused(
            logger,
            context.Response.StatusCode >= StatusCodes.Status500InternalServerError
                ? LogLevel.Warning
                : LogLevel.Information,
            context.Response.StatusCode,
            RefusalReason.Get(context)?.Code ?? "none",
            caller?.ClientId ?? "nobody",
            caller?.Organisation ?? "none",
            HttpMethods.GetCanonicalizedValue(context.Request.Method) is { Length: <= 7 } method ? method : "other",
            route?.RoutePattern.RawText ?? "no route"
        );
    }

    [LoggerMessage(Message = "{Status} {Code} for client {Client} of {Organisation} at {Method} {Route}")]
    private static partial void Refused(
        ILogger logger,
        LogLevel level,
        int status,
        string code,
        string client,
        string organisation,
        string method,
        string route
    );
}
