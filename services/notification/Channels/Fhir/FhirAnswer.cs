using Hl7.Fhir.Serialization;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Channels.Fhir;

/// <summary>A resource, or a refusal as an OperationOutcome that names the element at fault and never quotes it.</summary>
internal sealed record FhirAnswer(int Status, R4.Resource? Body) : IResult
{
    public const string MediaType = "application/fhir+json";

    public string? Location { get; init; }

    public static FhirAnswer Ok(R4.Resource body) => new(StatusCodes.Status200OK, body);

    public static FhirAnswer NotFound() => Refused(StatusCodes.Status404NotFound, new FhirFault(R4.OperationOutcome.IssueType.NotFound, null, "There is no such resource for this organisation."));

    public static FhirAnswer Refused(int status, params IReadOnlyList<FhirFault> faults) => new(status, new R4.OperationOutcome
    {
        Issue = [.. faults.Select(fault => new R4.OperationOutcome.IssueComponent
        {
            Severity = R4.OperationOutcome.IssueSeverity.Error,
            Code = fault.Code,
            Diagnostics = fault.Message,
            Expression = fault.Path is null ? [] : [fault.Path],
        })],
    });

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (Location is not null) response.Headers.Location = Location;
        if (Body is null) return;
        var bytes = FhirJsonSerializer.Default.SerializeToBytes(Body);
        response.ContentType = MediaType;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}

/// <param name="Code">Of FHIR's issue types.</param>
/// <param name="Path">FHIRPath of the element.</param>
/// <param name="Message">Why, without the value.</param>
internal sealed record FhirFault(R4.OperationOutcome.IssueType Code, string? Path, string Message);
