using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class Posting_an_encounter(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _trust = service.Under.Client("RZZ", "encounter.submit");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_answered_201_and_reaches_the_bus_sealed()
    {
        var number = Synthetic.NextNhsNumber();
        var events = await service.Under.Bus.ListenAsync<EncounterReceived>();
        var sent = Samples.Encounter(number: number);
        var answer = await _trust.PostAsync("/fhir/Encounter", sent.AsJson(), Cancelled);

        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("W/\"1\"", answer.Headers.ETag!.ToString());
        var id = Guid.Parse(answer.Headers.Location!.Segments[^1]);

        var received = await events.One(e => e.EncounterId == id);
        Assert.Equal((1, EncounterStatus.Arrived, true), (received.Version, received.Status, received.Unscheduled));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 10, 15, 0, TimeSpan.Zero), received.StartedAt);
        var sealer = service.Under.Services.GetRequiredService<Sealer>();
        var patient = sealer.Open(received.Patient);
        Assert.Equal(new PersonIdentifier.Known(number), patient.Identifier);
        Assert.Equal(
            [(NameUse.Usual, "Wynfield"), (NameUse.Former, "Harfield"), (NameUse.Other, null)],
            patient.Names.Select(name => (name.Use, name.Family))
        );
        Assert.Equal([new PersonPostcode("ZZ99 3VZ"), new PersonPostcode("ZZ99 3CZ", Former: true)], patient.Postcodes);
        Assert.Equal(new DateOnly(2017, 3, 9), patient.BirthDate);
        Assert.Equal(["01632 960001"], patient.Phones);
        Assert.Equal(
            new Place(
                "RZZ",
                "Example Hospitals NHS Trust",
                "RZZ01",
                null,
                CareSetting.EmergencyDepartment,
                null,
                sent["identifier"]![0]!["value"]!.GetValue<string>()
            ),
            sealer.Open(received.Place)
        );
    }
}
