using Hl7.Fhir.Serialization;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery.Channels.Fhir;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Api.Fhir;

/// <summary>
/// A resource, or a refusal as an OperationOutcome that names the element at fault and never quotes
/// it.
/// </summary>
internal sealed record FhirAnswer(int Status, R4.Resource? Body) : IResult
{
    public const string MediaType = FhirChannel.MediaType;

    public string? Location { get; init; }

    public static FhirAnswer Ok(R4.Resource body) => new(StatusCodes.Status200OK, body);

    public static FhirAnswer NotFound() =>
        Refused(
            StatusCodes.Status404NotFound,
            new FhirError(
                R4.OperationOutcome.IssueType.NotFound,
                null,
                "There is no such resource for this organisation."
            )
        );

    public static FhirAnswer Refused(int status, params IReadOnlyList<FhirError> errors) =>
        new(
            status,
            new R4.OperationOutcome
            {
                Issue =
                [
                    .. Capped(errors)
                        .Select(error => new R4.OperationOutcome.IssueComponent
                        {
                            Severity = R4.OperationOutcome.IssueSeverity.Error,
                            Code = error.Code,
                            Diagnostics = error.Message,
                            Expression = error.Path is null ? [] : [error.Path],
                        }),
                ],
            }
        );

    private static IEnumerable<FhirError> Capped(IReadOnlyList<FhirError> errors) =>
        errors.Count <= Refusal.MostErrors
            ? errors
            : errors
                .Take(Refusal.MostErrors)
                .Append(
                    new FhirError(
                        R4.OperationOutcome.IssueType.TooCostly,
                        null,
                        $"And {errors.Count - Refusal.MostErrors} more."
                    )
                );

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Location is not null)
            response.Headers.Location = Location;
        if (Body is null)
            return;
        var bytes = FhirJsonSerializer.Default.SerializeToBytes(Body);
        response.ContentType = MediaType;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}

/// <summary>
/// On FHIR addresses the hub's own refusals (no token, an unknown parameter) are OperationOutcomes
/// too.
/// </summary>
internal sealed class FhirProblems : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments("/fhir");

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        var code = status switch
        {
            StatusCodes.Status401Unauthorized => R4.OperationOutcome.IssueType.Login,
            StatusCodes.Status403Forbidden => R4.OperationOutcome.IssueType.Forbidden,
            StatusCodes.Status404NotFound => R4.OperationOutcome.IssueType.NotFound,
            StatusCodes.Status429TooManyRequests => R4.OperationOutcome.IssueType.Throttled,
            StatusCodes.Status503ServiceUnavailable => R4.OperationOutcome.IssueType.Transient,
            >= StatusCodes.Status500InternalServerError => R4.OperationOutcome.IssueType.Exception,
            _ => R4.OperationOutcome.IssueType.Invalid,
        };
        var detail = RefusalReason.Get(context.HttpContext)?.Detail
            ?? "This server does not do that; GET /fhir/metadata says what it does.";
        await FhirAnswer.Refused(status, new FhirError(code, null, detail)).ExecuteAsync(context.HttpContext);
    }
}

/// <param name="Code">Of FHIR's issue types.</param>
/// <param name="Path">FHIRPath of the element.</param>
/// <param name="Message">Why, without the value.</param>
internal sealed record FhirError(R4.OperationOutcome.IssueType Code, string? Path, string Message);
