using System.Globalization;
using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// An encounter as its sender gets it back: what is kept of it but the person, whom the sender
/// knows.
/// </summary>
internal static class EncounterResource
{
    public static Encounter Of(
        Guid id,
        long version,
        DateTimeOffset receivedAt,
        string organisation,
        EncounterParticulars particulars
    )
    {
        var encounter = new Encounter
        {
            Id = id.ToString(),
            Meta = new Meta { VersionId = version.ToString(CultureInfo.InvariantCulture), LastUpdated = receivedAt },
            Identifier =
            [
                .. Identifiers(particulars).Select(identifier => new Identifier(identifier.System, identifier.Value)),
            ],
            ServiceProvider = new ResourceReference
            {
                Identifier = new Identifier(Codes.OdsOrganisation, organisation),
            },
        };
        encounter.StatusElement = new Code<Encounter.EncounterStatus> { JsonValue = particulars.FhirStatus };
        if (particulars.ClassCode is { } code)
            encounter.Class = new Coding(particulars.ClassSystem ?? Codes.ActCode, code);
        if (particulars.Start is not null || particulars.End is not null)
            encounter.Period = new Period { Start = particulars.Start, End = particulars.End };
        if (particulars.SiteOds is { } site)
        {
            encounter.Location.Add(
                new Encounter.LocationComponent
                {
                    Location = new ResourceReference { Identifier = new Identifier(Codes.OdsSite, site) },
                }
            );
        }

        return encounter;
    }

    private static IEnumerable<BusinessIdentifier> Identifiers(EncounterParticulars particulars) =>
        [particulars.Identifier, .. particulars.OtherIdentifiers ?? []];
}
