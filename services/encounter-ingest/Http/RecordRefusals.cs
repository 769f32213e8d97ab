using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Operations.Refusals;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>
/// Marks a route that takes encounters in: what it refuses is a child whom no council is notified of until it is sent
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

    public void Record(HttpContext context, FhirAnswer answer)
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
                if (!IsRefusal(response.Status) || response.Outcome is not OperationOutcome refused)
                    continue;
                foreach (var encounter in EncountersIn(entry.Child("resource")))
                    Record(context, caller, Worst(refused), encounter);
            }
        }
        else if (answer.Status is >= 400 and < 500 && answer.Body is OperationOutcome outcome)
        {
            var encounters = EncountersIn(document?.Root).ToList();
            // One row for what could not even be told apart.
            if (encounters.Count < 2)
                Record(context, caller, Worst(outcome), encounters.FirstOrDefault());
            else
                encounters.ForEach(encounter => Record(context, caller, Why(encounter, document!, outcome), encounter));
        }
    }

    private void Record(HttpContext context, Caller caller, (string Code, string? Path) why, FhirElement? encounter)
    {
        var route = $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}";
        var subjects = encounter is null
            ? []
            : ReadEncounter
                .Identifiers(encounter)
                .ConvertAll(identifier => IdentifierKeys.Compute(caller.Organisation, identifier, sealer).Macs[0]);
        log.Refused(
            new RefusedItem(caller.Organisation, route, why.Code, why.Path, subjects, caller.Request?.RequestId)
        );
    }

    // A notification may be a Bundle inside a message.
    private static IEnumerable<FhirElement> EncountersIn(FhirElement? resource) =>
        resource?.ResourceType switch
        {
            "Encounter" => [resource],
            "Bundle" => resource.All("entry").SelectMany(entry => EncountersIn(entry.Child("resource"))),
            _ => [],
        };

    /// <summary>
    /// Of a Bundle that was refused, why one of its encounters was: for its own fault, or for
    /// another's.
    /// </summary>
    private static (string Code, string? Path) Why(
        FhirElement encounter,
        FhirDocument document,
        OperationOutcome outcome
    )
    {
        if (document.RefusalOf(encounter) is { } own)
            return (own.Kind.Code, own.Path is null ? null : ElementNames.Known(own.Path));
        var entry = encounter.Parent!.Path;
        var errors = outcome.Issue.Where(IsError).ToList();
        if (errors.Find(error => Paths(error).Any(path => IsWithin(path, entry))) is { } atEntry)
            return Of(atEntry);
        var (code, at) = Worst(outcome);
        // What names no entry is wrong with the Bundle, and so with all that is in it.
        return at is null || !IsWithin(at, $"{encounter.Parent.Parent!.Path}.entry")
            ? (code, at)
            : (IssueKind.RefusedWithItsBundle.Code, at);
    }

    private static bool IsWithin(string path, string element) =>
        path.StartsWith(element, StringComparison.Ordinal)
        && (path.Length == element.Length || path[element.Length] is '.' or '[');

    private static (string Code, string? Path) Worst(OperationOutcome outcome) =>
        Of(outcome.Issue.Find(IsError) ?? outcome.Issue[0]);

    private static (string Code, string? Path) Of(OperationOutcome.IssueComponent issue) =>
        (
            issue.Details?.Coding.FirstOrDefault()?.Code ?? "refused",
            Paths(issue).FirstOrDefault() is { } path ? ElementNames.Known(path) : null
        );

    private static bool IsError(OperationOutcome.IssueComponent issue) =>
        issue.Severity is OperationOutcome.IssueSeverity.Error or OperationOutcome.IssueSeverity.Fatal;

    private static IEnumerable<string> Paths(OperationOutcome.IssueComponent issue) =>
        issue.Expression.OfType<string>();

    private static bool IsRefusal(string? status) => status is ['4', ..];
}
