using Safeguarding.EncounterIngest.Door;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>POST /fhir/Encounter/$validate: says exactly what a POST would say, and stores nothing. The tool to be connected with.</summary>
internal static class ValidateEncounter
{
    internal static async Task<FhirAnswer> Handle(
        HttpRequest request, Caller caller, ReadBody body, TimeProvider clock, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        try
        {
            var document = await body.Async(request, cancellationToken);
            if (document.Root.ResourceType == "Parameters")
                document = Wrapped(document);
            ReadDocument.Encounter(document, caller.Organisation, clock.GetUtcNow(), findings);
        }
        catch (RefusedException refused) when (refused.Kind.Status == StatusCodes.Status400BadRequest)
        {
            findings.Refuse(refused.Kind, refused.Path);
        }

        // The validation itself succeeded, whatever it found: 200 is what FHIR asks for.
        return new FhirAnswer(StatusCodes.Status200OK, Outcome.Of(findings.All));
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
