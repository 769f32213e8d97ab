using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Refusals;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>
/// Marks a route that takes encounters in: what it refuses is a child nobody hears of until it is sent
/// again.
/// </summary>
internal sealed class TakesEncountersIn;

/// <summary>
/// Records each encounter that was refused, under the digests of its identifiers, so that its sender can list it and a
/// later acceptance closes it.
/// </summary>
internal sealed class RecordRefusals(RefusalLog log, Sealer sealer)
{
    /// <summary>Remembers what was read of a request, for the case that it is refused.</summary>
    public static void Remember(HttpContext context, FhirDocument document) => context.Features.Set(document);

    public void Of(HttpContext context, FhirAnswer answer)
    {
        if (
            context.GetEndpoint()?.Metadata.GetMetadata<TakesEncountersIn>() is null
            || Caller.Of(context) is not { } caller
        )
        {
            return;
        }

        var document = context.Features.Get<FhirDocument>();
        if (answer.Body is Bundle { Type: Bundle.BundleType.BatchResponse } batch && document is not null)
        {
            foreach (
                var (entry, response) in document.Root.All("entry").Zip(batch.Entry.Select(entry => entry.Response!))
            )
            {
                if (IsRefusal(response.Status) && response.Outcome is OperationOutcome refused)
                    Record(context, caller, Worst(refused), EncountersIn(entry));
            }
        }
        else if (answer.Status is >= 400 and < 500 && answer.Body is OperationOutcome outcome)
        {
            Record(context, caller, Worst(outcome), document is null ? [] : EncountersIn(document));
        }
    }

    private void Record(
        HttpContext context,
        Caller caller,
        (string Code, string? Path) why,
        List<FhirElement> encounters
    )
    {
        var door = $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}";
        // One row for what could not even be told apart.
        foreach (var encounter in encounters.DefaultIfEmpty())
        {
            var subjects = encounter is null
                ? []
                : ReadEncounter
                    .Identifiers(encounter)
                    .ConvertAll(identifier => IdentifierKeys.Of(caller.Organisation, identifier, sealer).Macs[0]);
            log.Refused(
                new RefusedItem(caller.Organisation, door, why.Code, why.Path, subjects, caller.Request?.RequestId)
            );
        }
    }

    private static List<FhirElement> EncountersIn(FhirDocument document) =>
        document.Root.ResourceType == "Encounter"
            ? [document.Root]
            : [.. document.Root.All("entry").SelectMany(EncountersIn)];

    private static List<FhirElement> EncountersIn(FhirElement entry) =>
        entry.Child("resource") is { ResourceType: "Encounter" } encounter ? [encounter] : [];

    private static (string Code, string? Path) Worst(OperationOutcome outcome)
    {
        var issue = outcome.Issue.Find(issue =>
            issue.Severity is OperationOutcome.IssueSeverity.Error or OperationOutcome.IssueSeverity.Fatal
        ) ?? outcome.Issue[0];
        return (
            issue.Details?.Coding.FirstOrDefault()?.Code ?? "refused",
            issue.Expression.FirstOrDefault() is { } path ? ElementNames.Known(path) : null
        );
    }

    private static bool IsRefusal(string? status) => status is ['4', ..];
}
