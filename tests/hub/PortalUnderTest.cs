using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>The portal as a process, as it is built.</summary>
internal static class PortalUnderTest
{
    private static readonly RSA s_key = RSA.Create(2048);

    public static JsonObject Client(Uri address) => PortalClient.Entry(s_key, address);

    public static async Task<ServiceProcess> StartAsync(
        Surroundings surroundings,
        params (string Key, string? Value)[] settings
    )
    {
        var portal = ServiceProcess.Of(
            Path.Combine(Repository.Root, "services/portal/bin/Release/net10.0/Safeguarding.Portal"),
            surroundings.Settings
        );
        await portal.StartAgainAsync(
            mayDie: false,
            [
                ("Portal:SigningKey", s_key.ExportPkcs8PrivateKeyPem()),
                ("Portal:Certificate", PortalClient.Certificate(s_key)),
                ("Services:PlanRegistry", "http://localhost:1/"),
                ("Services:EncounterIngest", "http://localhost:1/"),
                ("Services:Matching", "http://localhost:1/"),
                ("Services:Notification", "http://localhost:1/"),
                .. settings,
            ]
        );
        return portal;
    }
}
