using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// POST /fhir/Encounter/$validate and /fhir/Bundle/$validate: says exactly what a POST of the same would say, and
/// stores nothing. Each issue says at which line and column. The tool to be connected with.
/// </summary>
internal sealed class ValidateEncounter(ReadBody body, SiteCheck sites, TimeProvider clock)
{
    internal static Task<FhirAnswer> Encounter(
        HttpRequest request,
        Caller caller,
        ValidateEncounter validate,
        EncounterIngestDb db,
        CancellationToken cancellationToken
    ) =>
        validate.HandleAsync(
            request,
            caller,
            db,
            (document, issues) =>
                ReadDocument.Encounter(document, validate.TrustOf(caller), validate.Now, issues) is { } read
                    ? [read]
                    : [],
            cancellationToken
        );

    /// <summary>
    /// A transaction or batch as POST /fhir would take it; a message or notification as $process-message
    /// would.
    /// </summary>
    internal static Task<FhirAnswer> Bundle(
        HttpRequest request,
        Caller caller,
        ValidateEncounter validate,
        EncounterIngestDb db,
        CancellationToken cancellationToken
    ) =>
        validate.HandleAsync(
            request,
            caller,
            db,
            (document, issues) => validate.Bundle(document, caller, issues),
            cancellationToken
        );

    private DateTimeOffset Now => clock.GetUtcNow();

    private SendingTrust TrustOf(Caller caller) => sites.TrustOf(caller.Organisation);

    private async Task<FhirAnswer> HandleAsync(
        HttpRequest request,
        Caller caller,
        EncounterIngestDb db,
        Func<FhirDocument, Issues, IReadOnlyList<Submission>> read,
        CancellationToken cancellationToken
    )
    {
        var issues = new Issues();
        FhirElement? sent = null;
        try
        {
            var document = await body.ReadAsync(request, cancellationToken);
            sent = document.Root;
            var submissions = read(document.Root.ResourceType == "Parameters" ? Wrapped(document) : document, issues);
            await sites.WarnAsync(caller, submissions, db, issues, cancellationToken);
        }
        catch (RefusedException refused)
            when (refused.Kind.Status is StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity)
        {
            issues.Refuse(refused.Kind, refused.Path, refused.Detail, refused.Position);
        }

        // The validation itself succeeded, whatever it found: 200 is what FHIR asks for.
        return new FhirAnswer(StatusCodes.Status200OK, Outcome.Of([.. issues.All.Select(one => Located(one, sent))]));
    }

    private static Issue Located(Issue issue, FhirElement? sent) =>
        issue is { Position: null, Path: { } path } && sent is not null
            ? issue with
            {
                Position = sent.Locate(path),
            }
            : issue;

    private IReadOnlyList<Submission> Bundle(FhirDocument document, Caller caller, Issues issues)
    {
        if (document.Root.Text("type") is not ("transaction" or "batch"))
        {
            var message = ReadMessage.Read(document, TrustOf(caller), Now, issues);
            return message is null ? [] : [.. message.Encounters.Select(one => one.Submission)];
        }

        if (ReadTransaction.Read(document, TrustOf(caller), Now, issues) is not { } transaction)
            return [];
        foreach (var faulty in transaction.Faulty.Values)
            issues.AddAll(faulty);
        foreach (var encounter in transaction.Encounters)
            Conditions.OfEntry(encounter);
        return [.. transaction.Encounters.Select(one => one.Submission)];
    }

    // The operation's own form: Parameters with the resource in a parameter of that name.
    private static FhirDocument Wrapped(FhirDocument document)
    {
        var parameter = document.Root.All("parameter").FirstOrDefault(one => one.Text("name") == "resource");
        return parameter?.Child("resource") is { ResourceType.Length: > 0 } resource
            ? new FhirDocument(resource, document.FromXml)
            : throw new RefusedException(IssueKind.ResourceTypeWrong, "Parameters.parameter");
    }
}
