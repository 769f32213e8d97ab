using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

public sealed class Sending_over_mllp(Mllp mllp) : IClassFixture<Mllp>
{
    [Fact]
    public async Task A_day_of_one_visit_becomes_the_versions_of_one_encounter()
    {
        var visit = Visit.New();
        var events = await mllp.Under.Bus.ListenAsync<EncounterReceived>();
        await using var trust = await mllp.ConnectAsync();

        string?[] answers =
        [
            await trust.SendAsync(visit.Arrived()),
            await trust.SendAsync(visit.Admitted()),
            await trust.SendAsync(visit.Changed()),
            await trust.SendAsync(visit.AdmissionUndone()),
        ];

        Assert.Equal(["AA", "CA", "AA", "AA"], answers.Select(Code));
        var sealer = mllp.Under.Services.GetRequiredService<Sealer>();
        var versions = new List<EncounterReceived>();
        for (var version = 1; version <= 4; version++)
        {
            versions.Add(
                await events.One(e => e.Version == version && sealer.Open(e.Place).EncounterReference == visit.Number)
            );
        }

        var patients = versions.ConvertAll(version => sealer.Open(version.Patient));
        Assert.Equal(
            [
                EncounterStatus.Arrived,
                EncounterStatus.InProgress,
                EncounterStatus.InProgress,
                EncounterStatus.InProgress,
            ],
            versions.Select(version => version.Status)
        );
        Assert.All(versions, version =>
            Assert.Equal(new DateTimeOffset(2026, 11, 28, 2, 12, 5, TimeSpan.Zero), version.StartedAt)
        );
        Assert.All(versions, version => Assert.True(version.Unscheduled));
        Assert.All(patients, patient => Assert.Equal(new PersonIdentifier.Known(visit.Nhs), patient.Identifier));
        Assert.All(patients, patient => Assert.Equal(NhsNumberStatus.Verified, patient.NumberStatus));
        Assert.Equal(["Zofia", "Ren"], patients[0].Names[0].Given);
        Assert.Equal([new PersonPostcode("ZY1 4QQ")], patients[1].Postcodes);
        Assert.Empty(patients[2].Postcodes);
        Assert.Equal(["07700900119"], patients[2].Phones);
        Assert.Equal(["07700900118"], patients[2].Mother!.Phones);
        Assert.Equal(
            [
                CareSetting.EmergencyDepartment,
                CareSetting.Unknown,
                CareSetting.Unknown,
                CareSetting.EmergencyDepartment,
            ],
            versions.Select(version => sealer.Open(version.Place).Setting)
        );
    }

    private static string? Code(string? answer) => answer?.Split('\r')[1].Split('|')[1];
}
