using System.Globalization;
using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Door;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>The answer to a submission. It is the same whether or not the child is on a plan: nobody has looked yet.</summary>
internal static class EncounterAnswer
{
    public static async Task<FhirAnswer> Async(
        HttpRequest request, Caller caller, Stored stored, Submission submission, Findings findings, CancellationToken cancellationToken)
    {
        if (Refusal(stored.Deed) is { } refusal)
            return FhirAnswer.Refused(refusal);

        var held = stored.Held!;
        return new FhirAnswer(stored.Deed == Deed.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, await BodyAsync())
        {
            ETag = ETag(held.Version),
            Location = Location(request, held.Id),
            LastModified = held.ReceivedAt,
        };

        async Task<Resource?> BodyAsync() => Preference(request) switch
        {
            "minimal" => null,
            "OperationOutcome" => Outcome.Of(Findings(stored, submission, findings)),
            // What is there is another content than was sent: it has to be read. Few requests ask, so only they pay for a context.
            _ when stored.Deed is Deed.Older or Deed.LeftAsIs =>
                await request.HttpContext.RequestServices.GetRequiredService<ReadEncounterHeld>().AsResourceAsync(caller, held.Id, cancellationToken),
            _ => EncounterResource.Of(held.Id, held.Version, held.ReceivedAt, caller.Organisation, submission.Particulars),
        };
    }

    public static string ETag(long version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    public static string Location(HttpRequest request, Guid id) => $"{request.Scheme}://{request.Host}{request.PathBase}/fhir/Encounter/{id}";

    public static IssueKind? Refusal(Deed deed) => deed switch
    {
        Deed.PreconditionFailed => IssueKind.PreconditionFailed,
        Deed.NotFound => IssueKind.NotFound,
        Deed.IdentifierChanged => IssueKind.IdentifierChanged,
        Deed.IdentifiersConflict => IssueKind.IdentifiersConflict,
        _ => null,
    };

    private static IReadOnlyList<Issue> Findings(Stored stored, Submission submission, Findings findings) =>
        stored.Deed == Deed.Older ? [.. findings.All, new Issue(IssueKind.OlderVersion, submission.Path, IsError: false)] : findings.All;

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
