using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// Why a request is refused, for whoever writes the answer (problem details, or an OperationOutcome) and for the log.
/// It hangs on the request's features.
/// </summary>
/// <param name="Code">Stable, kebab case, for programs; it is logged.</param>
/// <param name="Detail">Plain words for people; not logged.</param>
/// <param name="Errors">The fields at fault.</param>
public sealed record RefusalReason(string Code, string Detail, params FieldError[] Errors)
{
    internal static readonly RefusalReason TooLarge = new("too-large", "The body is larger than this route takes.");

    /// <summary>More members of the problem details.</summary>
    public IReadOnlyDictionary<string, object?> More { get; init; } = new Dictionary<string, object?>();

    /// <summary>The reason of this request's refusal; null where none was given.</summary>
    public static RefusalReason? Get(HttpContext context) => context.Features.Get<RefusalReason>();

    /// <summary>Notes the reason; the answer itself is written by another.</summary>
    public void NoteOn(HttpContext context) => context.Features.Set(this);

    /// <summary>
    /// Gives problem details what they lack: the reason that was noted, and a trace id as log lines have it. What the
    /// route itself answers with is noted for the log.
    /// </summary>
    internal static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
        if (problem.Extensions.TryGetValue("code", out var code))
        {
            if (Get(context.HttpContext) is null)
                new RefusalReason(code as string ?? "", problem.Detail ?? "").NoteOn(context.HttpContext);
            return;
        }

        // The framework refuses a body that is too large by the status alone.
        if (problem.Status == StatusCodes.Status413PayloadTooLarge && Get(context.HttpContext) is null)
            TooLarge.NoteOn(context.HttpContext);
        if (Get(context.HttpContext) is not { } reason)
            return;
        problem.Detail = reason.Detail;
        problem.Extensions["code"] = reason.Code;
        foreach (var (name, value) in reason.More)
            problem.Extensions[name] = value;
    }

    internal async Task WriteAsync(HttpContext context, int status)
    {
        NoteOn(context);
        var problem = Refusal.Problem(status, Code, Detail, Errors);
        foreach (var (name, value) in More)
            problem.ProblemDetails.Extensions[name] = value;
        await problem.ExecuteAsync(context);
    }
}
