using Safeguarding.EncounterIngest.Door;
using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest;

/// <summary>Every address of the service.</summary>
internal static class Routes
{
    public static void MapEncounterRoutes(this WebApplication app)
    {
        var fhir = app.MapGroup("/fhir").AddEndpointFilter<FhirRefusals>();
        var own = fhir.MapGroup("").RequireScope("encounter.submit");
        own.MapPost("/Encounter", SubmitEncounter.Create);
        own.MapPut("/Encounter", SubmitEncounter.Upsert);
        own.MapPut("/Encounter/{id}", SubmitEncounter.Update);
        own.MapGet("/Encounter/{id}", ReadEncounterHeld.Handle);
    }
}
