using System.Diagnostics;
using Safeguarding.TestKit;

namespace Safeguarding.Clients.Tests;

/// <summary>
/// With the types that openapi-typescript makes of docs/openapi, checked by tsc and run by node. <c>./hub test</c>
/// installs Node.js where it is missing.
/// </summary>
public sealed class Clients_in_TypeScript(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_upload_a_register_post_an_encounter_claim_its_alert_and_acknowledge_it()
    {
        var folder = Folder();
        // What is installed already is left as it is: the lock file is older than what npm noted of it.
        if (
            File.GetLastWriteTimeUtc(Path.Combine(folder, "node_modules", ".package-lock.json"))
            < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"))
        )
        {
            await RunAsync(folder, [], "npm", "ci");
        }

        await RunAsync(folder, [], "npm", "run", "build");
        await using var hub = await TheHub.StartAsync(servers);
        var said = await RunAsync(
            folder,
            [
                ("HUB_PLAN_REGISTRY_URL", hub.PlanRegistry.Address.AbsoluteUri),
                ("HUB_PLAN_REGISTRY_TOKEN", hub.Token(TheHub.Council, "plan.write")),
                ("HUB_ENCOUNTER_INGEST_URL", hub.EncounterIngest.Address.AbsoluteUri),
                ("HUB_ENCOUNTER_INGEST_TOKEN", hub.Token(TheHub.Trust, "encounter.submit")),
                ("HUB_MATCHING_URL", hub.Matching.Address.AbsoluteUri),
                ("HUB_MATCHING_TOKEN", hub.Token(TheHub.Council, "match.read")),
                ("HUB_NOTIFICATION_URL", hub.Notification.Address.AbsoluteUri),
                ("HUB_NOTIFICATION_TOKEN", hub.Token(TheHub.Council, "alert.read", "alert.ack")),
            ],
            "node",
            "build/journey.js"
        );
        Assert.Equal(
            [
                "posted Encounter: 201",
                "CP-2026-0042: acknowledged",
                "decided: matched",
                "refused: 400 limit-out-of-range",
            ],
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
    }

    private static string Folder()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Safeguarding.sln")))
            root = Path.GetDirectoryName(root)!;
        return Path.Combine(root, "tests", "clients", "typescript");
    }

    private static async Task<string> RunAsync(
        string folder,
        (string Name, string Value)[] environment,
        string program,
        params string[] words
    )
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (
            process.StandardOutput.ReadToEndAsync(Cancelled),
            process.StandardError.ReadToEndAsync(Cancelled)
        );
        await process.WaitForExitAsync(Cancelled);
        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', words)} ended with {process.ExitCode}:\n{await output}\n{await errors}"
        );
        return await output;
    }
}
