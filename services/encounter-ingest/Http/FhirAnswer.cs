using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting.Access;
using Task = System.Threading.Tasks.Task;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>An answer in the format that was asked for.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The resource, or null for none.</param>
internal sealed record FhirAnswer(int Status, Resource? Body) : IResult
{
    public string? ETag { get; init; }

    public string? Location { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    public static FhirAnswer Refused(Issues issues) => new(Outcome.Status(issues.All), Outcome.Of(issues.All));

    public static FhirAnswer Refused(IssueKind kind, string? path = null, string? detail = null) =>
        new(kind.Status, Outcome.Of(kind, path, detail));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = "5";
        if (ETag is not null)
            response.Headers.ETag = ETag;
        if (Location is not null)
            response.Headers.Location = Location;
        if (LastModified is { } modified)
            response.Headers.LastModified = modified.ToString("R");
        if (
            Body is OperationOutcome { Issue: [{ Details.Coding: [{ Code: { } code }] } worst, ..] }
            && Status >= StatusCodes.Status400BadRequest
            && RefusalReason.Get(httpContext) is null
        )
        {
            new RefusalReason(code, worst.Details.Text ?? "").NoteOn(httpContext);
        }

        if (Body is null)
            return;
        var format = Negotiation.OfAnswer(httpContext.Request) ?? FhirFormat.Json;
        var bytes =
            format == FhirFormat.Xml
                ? FhirXmlSerializer.Default.SerializeToBytes(Body)
                : FhirJsonSerializer.Default.SerializeToBytes(Body);
        response.ContentType = format.MediaType();
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
