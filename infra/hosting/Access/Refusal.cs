using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// Refusals as RFC 9457 problem details with a stable <c>code</c>; they never quote what was
/// submitted.
/// </summary>
public static class Refusal
{
    /// <summary>How many faults an answer names at most: it does not grow with what was sent.</summary>
    public const int MostErrors = 20;

    /// <summary>A refusal.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">Stable, kebab case, for programs.</param>
    /// <param name="detail">Plain words for people.</param>
    /// <param name="errors">The fields or lines at fault; the first <see cref="MostErrors"/> are named.</param>
    public static ProblemHttpResult Problem(int status, string code, string detail, params FieldError[] errors)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        if (errors.Length > 0)
            extensions["errors"] = errors.Length > MostErrors ? errors[..MostErrors] : errors;
        var more = errors.Length > MostErrors ? $" And {errors.Length - MostErrors} more." : "";
        return TypedResults.Problem(detail + more, statusCode: status, extensions: extensions);
    }

    /// <summary>The same answer for what does not exist and for what belongs to another organisation.</summary>
    public static ProblemHttpResult NotFound() =>
        Problem(StatusCodes.Status404NotFound, "not-found", "Not found, or not visible to your organisation.");
}

/// <summary>A field at fault.</summary>
/// <param name="Field">Path of the field as the sender wrote it, such as <c>names[0].family</c>.</param>
/// <param name="Message">What is wrong, without the value.</param>
public sealed record FieldError(string Field, string Message);

/// <summary>
/// Turns what escapes a handler into an honest answer: the sender's fault 4xx, the database away 503, else 500
/// without detail.
/// </summary>
internal sealed partial class HubExceptionHandler(
    IProblemDetailsService problems,
    RouteInputs inputs,
    IOptions<JsonOptions> json,
    ILogger<HubExceptionHandler> logger
) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext context,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (exception is BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } unreadable)
        {
            var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
            await UnreadableInput
                .Explain(
                    unreadable,
                    endpoint,
                    endpoint is null ? null : inputs.Get(endpoint),
                    json.Value.SerializerOptions
                )
                .WriteAsync(context, StatusCodes.Status400BadRequest);
            return true;
        }

        var (status, code, detail) = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (
                StatusCodes.Status413PayloadTooLarge,
                RefusalReason.TooLarge.Code,
                RefusalReason.TooLarge.Detail
            ),
            BadHttpRequestException bad => (
                bad.StatusCode,
                "request-unreadable",
                "The request cannot be read as this route takes it."
            ),
            // A form that is none.
            InvalidDataException => (
                StatusCodes.Status400BadRequest,
                "request-unreadable",
                "The request cannot be read as this route takes it."
            ),
            _ when exception.GetBaseException()
                    is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } => (
                StatusCodes.Status400BadRequest,
                "text-not-allowed",
                "A text of the request holds the character U+0000, which no text may hold."
            ),
            _ when TransientFaults.IsUnavailable(exception) => (
                StatusCodes.Status503ServiceUnavailable,
                "storage-away",
                "The hub's storage is unavailable at the moment. Nothing is known to have changed. Send the request "
                    + "again."
            ),
            DbUpdateConcurrencyException => (
                StatusCodes.Status409Conflict,
                "changed-meanwhile",
                "It was changed by another request meanwhile. Read it and try again."
            ),
            DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } } =>
                (
                    StatusCodes.Status409Conflict,
                    "changed-meanwhile",
                    "It was made by another request meanwhile. Read it and try again."
                ),
            _ => (
                StatusCodes.Status500InternalServerError,
                "unexpected",
                "The hub failed. The failure is logged under this request's trace."
            ),
        };
        // A handled exception is logged by nobody else. Its text may quote what was submitted, so only its type and its
        // place are written.
        if (status == StatusCodes.Status500InternalServerError)
        {
            Unexpected(
                logger,
                exception.GetType().FullName,
                exception.GetBaseException().GetType().FullName,
                exception.StackTrace
            );
        }

        new RefusalReason(code, detail).NoteOn(context);
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "5";
        return await problems.TryWriteAsync(
            new ProblemDetailsContext
            {
                HttpContext = context,
                ProblemDetails =
                {
                    Status = status,
                    Detail = detail,
                    Extensions = { ["code"] = code },
                },
            }
        );
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A request failed with {ExceptionType} ({BaseExceptionType}) at {Place}"
    )]
    private static partial void Unexpected(
        ILogger logger,
        string? exceptionType,
        string? baseExceptionType,
        string? place
    );
}
