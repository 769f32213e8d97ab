using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Safeguarding.Bench.Baseline;

/// <summary>The body as Firely reads it.</summary>
internal static class ReadEncounter
{
    private const string NhsNumberSystem = "https://fhir.nhs.uk/Id/nhs-number";
    private static readonly JsonSerializerOptions Fhir = new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector);

    /// <returns>Null where it is no encounter of a patient.</returns>
    public static async Task<StoredEncounter?> OfAsync(
        HttpRequest request,
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
            return null;
        }

        if (
            encounter?.Identifier.FirstOrDefault()?.Value is not { } identifier
            || encounter.Contained.OfType<Patient>().FirstOrDefault() is not { } patient
        )
        {
            return null;
        }

        var name = patient.Name.FirstOrDefault();
        return new StoredEncounter
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
    }
}
