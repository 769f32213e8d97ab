using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting.Access;
using Safeguarding.Messaging.Storage;
using Task = System.Threading.Tasks.Task;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>Turns what a FHIR route throws into its OperationOutcome.</summary>
internal sealed class FhirRefusals(RecordRefusals record) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await AnswerAsync(context, next);
        if (result is FhirAnswer answer)
            record.Record(context.HttpContext, answer);
        return result;
    }

    private static async ValueTask<object?> AnswerAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        try
        {
            return await next(context);
        }
        catch (RefusedException refused)
        {
            return FhirAnswer.Refused(refused.Kind, refused.Path, refused.Detail);
        }
        catch (NotStoredException notStored)
        {
            return FhirAnswer.Refused(notStored.Kind);
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            return FhirAnswer.Refused(IssueKind.Unavailable);
        }
    }
}

/// <summary>
/// On FHIR addresses the hub's own refusals (no token, no such route, a fault) are OperationOutcomes too, not
/// problem details.
/// </summary>
internal sealed class FhirProblems(RecordRefusals record) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments("/fhir");

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        var kind = status switch
        {
            StatusCodes.Status400BadRequest => IssueKind.RequestUnreadable,
            StatusCodes.Status401Unauthorized => IssueKind.SignInRequired,
            StatusCodes.Status403Forbidden => IssueKind.NotAllowed,
            StatusCodes.Status413PayloadTooLarge => IssueKind.BodyTooLarge,
            StatusCodes.Status415UnsupportedMediaType => IssueKind.MediaTypeUnsupported,
            StatusCodes.Status429TooManyRequests => IssueKind.TooManyRequests,
            StatusCodes.Status503ServiceUnavailable => IssueKind.Unavailable,
            >= 500 => IssueKind.Unexpected,
            _ => IssueKind.InteractionUnsupported,
        };
        var answer = FhirAnswer.Refused(kind, detail: Detail(context.HttpContext, status)) with { Status = status };
        if (RefusalReason.Get(context.HttpContext) is { } reason && answer.Body is OperationOutcome outcome)
            outcome.Issue[0].Diagnostics ??= reason.Detail;
        // Without a token or a scope nothing was sent in anybody's name.
        if (status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden))
            record.Record(context.HttpContext, answer);
        await answer.ExecuteAsync(context.HttpContext);
    }

    private static string? Detail(HttpContext context, int status) =>
        status switch
        {
            StatusCodes.Status405MethodNotAllowed when context.Response.Headers.Allow.Count > 0 =>
                $"This address takes {context.Response.Headers.Allow}.",
            StatusCodes.Status413PayloadTooLarge => ReadBody.Limit(
                context.RequestServices.GetRequiredService<IOptions<IntakeOptions>>().Value.MaxBodyBytes
            ),
            _ => null,
        };
}
