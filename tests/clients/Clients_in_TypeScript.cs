using Safeguarding.TestKit;

namespace Safeguarding.Clients.Tests;

/// <summary>
/// With the types that openapi-typescript makes of docs/openapi, checked by tsc and run by node. <c>./hub test</c>
/// installs Node.js where it is missing.
/// </summary>
public sealed class Clients_in_TypeScript(HubServers servers)
{
    [Fact]
    public async Task They_upload_a_register_post_an_encounter_claim_its_alert_and_acknowledge_it()
    {
        await using var hub = await TheHub.StartAsync(servers);
        var said = await TypeScript.RunAsync(
            "journey",
            ("HUB_PLAN_REGISTRY_URL", hub.PlanRegistry.Address.AbsoluteUri),
            ("HUB_PLAN_REGISTRY_TOKEN", hub.Token(TheHub.Council, "plan.write")),
            ("HUB_ENCOUNTER_INGEST_URL", hub.EncounterIngest.Address.AbsoluteUri),
            ("HUB_ENCOUNTER_INGEST_TOKEN", hub.Token(TheHub.Trust, "encounter.submit")),
            ("HUB_MATCHING_URL", hub.Matching.Address.AbsoluteUri),
            ("HUB_MATCHING_TOKEN", hub.Token(TheHub.Council, "match.read")),
            ("HUB_NOTIFICATION_URL", hub.Notification.Address.AbsoluteUri),
            ("HUB_NOTIFICATION_TOKEN", hub.Token(TheHub.Council, "alert.read", "alert.ack"))
        );
        Assert.Equal(
            [
                "posted Encounter: 201",
                "CP-2026-0042: acknowledged",
                "decided: matched",
                "refused: 400 limit-out-of-range",
            ],
            said
        );
    }
}
