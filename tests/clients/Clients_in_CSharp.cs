using System.Text;
using System.Text.Json;
using Safeguarding.Clients.Notification;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Clients.Tests;

/// <summary>With the clients that the build makes of docs/openapi, and nothing of the hub's own.</summary>
public sealed class Clients_in_CSharp(HubServers servers)
{
    private const string Register =
        "reference,kind,start_date,nhs_number,family_name,given_names,birth_date\n"
        + "CP-2026-0042,child-protection,2026-01-05,9000000009,Fhirwood,Alba,2016-04-04\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_upload_a_register_post_an_encounter_acknowledge_its_alert_and_read_its_match()
    {
        await using var hub = await TheHub.StartAsync(servers);
        using var council = hub.PlanRegistry.Client(TheHub.Council, "plan.write");
        using var trust = hub.EncounterIngest.Client(TheHub.Trust, "encounter.submit");
        using var desk = hub.Notification.Client(TheHub.Council, "alert.read", "alert.ack");
        using var reader = hub.Matching.Client(TheHub.Council, "match.read");
        var (plans, encounters, alerts) = (
            new PlanRegistry.Client(council),
            new EncounterIngest.Client(trust),
            new Notification.Client(desk)
        );

        using var register = new MemoryStream(Encoding.UTF8.GetBytes(Register));
        var upload = await plans.ReceiveUploadAsync(
            new PlanRegistry.FileParameter(register, null, "text/csv"),
            mode: "full",
            sequence: "1",
            cancellationToken: Cancelled
        );
        await Eventually.UntilAsync(
            async () => (await plans.GetUploadAsync(upload.Id, cancellationToken: Cancelled)).Counts.Registered == 1,
            TimeSpan.FromMinutes(3),
            "the register is applied"
        );

        var posted = await encounters.SubmitEncounterCreateAsync(Encounter(), cancellationToken: Cancelled);
        Assert.Equal("Encounter", posted.ResourceType);

        var claim = await ClaimAsync(alerts);
        var alert = Assert.Single(claim.Alerts);
        Assert.Equal("CP-2026-0042", Assert.Single(alert.Plans).Reference);

        var standing = await alerts.AcknowledgeAlertAsync(
            alert.Id,
            body: new AcknowledgeAlertRequest { Kind = ActorKind.System, Version = alert.Version },
            cancellationToken: Cancelled
        );
        Assert.Equal(AlertState.Acknowledged, standing.State);

        var match = await new Matching.Client(reader).GetMatchesAsync(
            alert.Encounter!.Id,
            cancellationToken: Cancelled
        );
        Assert.Equal(TheHub.Council, Assert.Single(match.Decisions).CouncilCode);
    }

    [Fact]
    public async Task What_is_refused_comes_as_the_problem_that_the_document_describes()
    {
        await using var service = await ServiceUnderTest<NotificationDb>.StartAsync(servers);
        using var desk = service.Client(TheHub.Council, "alert.read");
        var refused = await Assert.ThrowsAsync<Notification.ApiException<Notification.Problem>>(() =>
            new Notification.Client(desk).ListAlertsAsync(limit: 1_000, cancellationToken: Cancelled)
        );
        Assert.Equal((400, "limit-out-of-range"), (refused.StatusCode, refused.Result.Code));
    }

    // 204 is no claim: the generator makes an exception of what has no body.
    private static async Task<AlertsClaim> ClaimAsync(Notification.Client alerts)
    {
        while (true)
        {
            try
            {
                return await alerts.ClaimAlertsAsync(
                    body: new ClaimAlertsRequest { Max = 10, WaitSeconds = 20 },
                    cancellationToken: Cancelled
                );
            }
            catch (Notification.ApiException nothing) when (nothing.StatusCode == 204)
            {
                Cancelled.ThrowIfCancellationRequested();
            }
        }
    }

    private static EncounterIngest.FhirResource Encounter() =>
        JsonSerializer.Deserialize<EncounterIngest.FhirResource>(
            """
            {"resourceType":"Encounter","identifier":[{"system":"https://epr.example/encounter","value":"E-4711"}],
            "status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"EMER"},
            "subject":{"reference":"#p"},"period":{"start":"2026-11-20T09:30:00Z"},
            "contained":[{"resourceType":"Patient","id":"p",
            "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9000000009"}],
            "name":[{"family":"Fhirwood","given":["Alba"]}],"birthDate":"2016-04-04"}]}
            """
        )!;
}
