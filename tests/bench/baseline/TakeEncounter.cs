using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using MassTransit;

namespace Safeguarding.Bench.Baseline;

internal static class TakeEncounter
{
    private const string NhsNumberSystem = "https://fhir.nhs.uk/Id/nhs-number";
    private static readonly JsonSerializerOptions Fhir = new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector);

    public static async Task<IResult> Handle(
        HttpRequest request,
        PeerDb db,
        IPublishEndpoint bus,
        Counts counts,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        Encounter? encounter;
        try
        {
            encounter = await JsonSerializer.DeserializeAsync<Encounter>(request.Body, Fhir, cancellationToken);
        }
        catch (DeserializationFailedException)
        {
            return Results.BadRequest();
        }

        if (
            encounter?.Identifier.FirstOrDefault()?.Value is not { } identifier
            || encounter.Contained.OfType<Patient>().FirstOrDefault() is not { } patient
        )
        {
            return Results.BadRequest();
        }

        var name = patient.Name.FirstOrDefault();
        var stored = new StoredEncounter
        {
            Id = Guid.CreateVersion7(),
            Identifier = identifier,
            Status = encounter.Status?.ToString() ?? "",
            NhsNumber = patient.Identifier.Find(candidate => candidate.System == NhsNumberSystem)?.Value,
            FamilyName = name?.Family,
            GivenName = name?.Given.FirstOrDefault(),
            BirthDate = patient.BirthDate,
            ReceivedAt = clock.GetUtcNow(),
        };
        db.Add(stored);
        await db.SaveChangesAsync(cancellationToken);
        await bus.Publish(
            new EncounterTaken(
                stored.Id,
                stored.NhsNumber,
                stored.FamilyName,
                stored.GivenName,
                stored.BirthDate,
                stored.ReceivedAt
            ),
            cancellationToken
        );
        counts.OneHandled();
        return Results.Created($"/fhir/Encounter/{stored.Id}", null);
    }
}
