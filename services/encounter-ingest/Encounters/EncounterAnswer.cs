using System.Globalization;
using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// The answer to a submission. It is the same whether or not the child is on a plan: nobody has looked
/// yet.
/// </summary>
internal static class EncounterAnswer
{
    public static async Task<FhirAnswer> CreateAsync(
        HttpRequest request,
        Caller caller,
        Stored stored,
        Submission submission,
        Issues issues,
        CancellationToken cancellationToken
    )
    {
        if (Refusal(stored.Result) is { } refusal)
            return FhirAnswer.Refused(refusal);

        var held = stored.Encounter!;
        return new FhirAnswer(
            stored.Result == SubmissionResult.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            await BodyAsync()
        )
        {
            ETag = ETag(held.Version),
            Location = Location(request, held.Id),
            LastModified = held.ReceivedAt,
        };

        async Task<Resource?> BodyAsync() =>
            Preference(request) switch
            {
                "minimal" => null,
                "OperationOutcome" => Outcome.Of(Issues(stored, submission, issues)),
                // What is there is another content than was sent: it has to be read. Few requests ask, so only they pay
                // for a context.
                _ when stored.Result is SubmissionResult.Older or SubmissionResult.LeftAsIs => await request
                    .HttpContext.RequestServices.GetRequiredService<GetEncounter>()
                    .AsResourceAsync(caller, held.Id, cancellationToken),
                _ => EncounterResource.Of(
                    held.Id,
                    held.Version,
                    held.ReceivedAt,
                    caller.Organisation,
                    submission.Particulars
                ),
            };
    }

    public static string ETag(long version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    public static string Location(HttpRequest request, Guid id) => Address(request).UrlOf($"/fhir/Encounter/{id}");

    public static PublicAddress Address(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<PublicAddress>();

    public static IssueKind? Refusal(SubmissionResult outcome) =>
        outcome switch
        {
            SubmissionResult.PreconditionFailed => IssueKind.PreconditionFailed,
            SubmissionResult.NotFound => IssueKind.NotFound,
            SubmissionResult.IdentifierChanged => IssueKind.IdentifierChanged,
            SubmissionResult.IdentifiersConflict => IssueKind.IdentifiersConflict,
            _ => null,
        };

    private static IReadOnlyList<Issue> Issues(Stored stored, Submission submission, Issues issues) =>
        stored.Result == SubmissionResult.Older
            ? [.. issues.All, new Issue(IssueKind.OlderVersion, submission.Path, IsError: false)]
            : issues.All;

    private static string? Preference(HttpRequest request)
    {
        foreach (var part in request.Headers["Prefer"].ToString().Split([',', ';'], StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("return=", StringComparison.OrdinalIgnoreCase))
                return part["return=".Length..].Trim('"');
        }

        return null;
    }
}
