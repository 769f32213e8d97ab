using Microsoft.AspNetCore.Http;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Hosting.Audit;

/// <summary>A FHIR path answers an OperationOutcome, whoever refuses: also the token's check and the exception
/// handler.</summary>
internal sealed class AuditProblems : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) =>
        context.HttpContext.Request.Path.StartsWithSegments("/fhir/AuditEvent");

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        RefusalReason.Complete(context);
        var problem = context.ProblemDetails;
        var status = problem.Status ?? context.HttpContext.Response.StatusCode;
        await SearchAuditEvents
            .Refused(status, CodeOf(status), problem.Detail ?? problem.Title ?? "Refused.")
            .ExecuteAsync(context.HttpContext);
    }

    private static string CodeOf(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => "login",
            StatusCodes.Status403Forbidden => "forbidden",
            StatusCodes.Status413PayloadTooLarge => "too-long",
            StatusCodes.Status415UnsupportedMediaType => "not-supported",
            StatusCodes.Status429TooManyRequests => "throttled",
            >= StatusCodes.Status500InternalServerError => "exception",
            _ => "invalid",
        };
}
