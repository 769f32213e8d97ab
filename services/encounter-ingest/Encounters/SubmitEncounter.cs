using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// POST /fhir/Encounter, PUT /fhir/Encounter?identifier= and PUT /fhir/Encounter/{id}: three ways to say the
/// same thing.
/// </summary>
internal sealed class SubmitEncounter(ReadBody body, Intake intake, SiteCheck sites, Sealer sealer, TimeProvider clock)
{
    internal static Task<FhirAnswer> Create(
        HttpRequest request,
        Caller caller,
        SubmitEncounter submit,
        CancellationToken cancellationToken
    ) => submit.HandleAsync(request, caller, submission => Conditions.OfCreate(request, submission), cancellationToken);

    internal static Task<FhirAnswer> Upsert(
        HttpRequest request,
        Caller caller,
        SubmitEncounter submit,
        CancellationToken cancellationToken
    ) => submit.HandleAsync(request, caller, submission => Conditions.OfUpsert(request, submission), cancellationToken);

    internal static Task<FhirAnswer> Update(
        string id,
        HttpRequest request,
        Caller caller,
        SubmitEncounter submit,
        CancellationToken cancellationToken
    ) =>
        submit.HandleAsync(
            request,
            caller,
            submission => Conditions.OfUpdate(id, request, submission),
            cancellationToken
        );

    private async Task<FhirAnswer> HandleAsync(
        HttpRequest request,
        Caller caller,
        Func<Submission, (Submission, Condition)> conditions,
        CancellationToken cancellationToken
    )
    {
        var document = await body.ReadAsync(request, cancellationToken);
        var issues = new Issues();
        if (
            ReadDocument.Encounter(document, sites.TrustOf(caller.Organisation), clock.GetUtcNow(), issues)
            is not { } read
        )
        {
            return FhirAnswer.Refused(issues);
        }

        var (submission, condition) = conditions(read);
        var stored = await intake.SubmitAsync([Intent.Of(caller, submission, condition, sealer)]);
        if (EncounterAnswer.Refusal(stored[0].Result) is null)
        {
            sites.Warn(caller, submission, stored[0], issues);
            PassedOver.Count(caller, issues);
        }

        return await EncounterAnswer.CreateAsync(request, caller, stored[0], submission, issues, cancellationToken);
    }
}
