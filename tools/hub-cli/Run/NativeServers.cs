namespace Safeguarding.Cli.Run;

/// <summary>
/// PostgreSQL and RabbitMQ of our own on this machine, kept by <c>infra/native/servers</c>. Their
/// administrators are known to this program only.
/// </summary>
internal static class NativeServers
{
    private static string Script => Path.Combine(Place.Root, "infra/native/servers");

    /// <summary>The folder of the servers, where the hub runs on servers of its own.</summary>
    public static string? Folder =>
        Place.Setting("HUB_WAY") == "native" ? Place.Setting("HUB_SERVERS_DIRECTORY") : null;

    public static async Task StartAsync(string folder, Action<string> say)
    {
        string[] tls = Place.Certificates is { } certificates ? ["--tls", certificates] : [];
        await Programs.RunAsync(Script, ["start", folder, .. tls], say);
        KnowAdministrators();
    }

    public static Task StopAsync(string folder, bool wipe, Action<string> say) =>
        Directory.Exists(folder)
            ? Programs.RunAsync(Script, [wipe ? "wipe" : "stop", folder], say)
            : Task.CompletedTask;

    /// <summary>
    /// Puts what servers.env says into this process's own environment. No process that it starts inherits it:
    /// see <see cref="ServiceProcess"/>.
    /// </summary>
    public static void KnowAdministrators()
    {
        if (Folder is not { } folder || !File.Exists(Path.Combine(folder, "servers.env")))
            return;
        foreach (var line in File.ReadLines(Path.Combine(folder, "servers.env")))
        {
            if (line.Split('=', 2) is not [var name, var value])
                continue;
            // Bash has quoted the value with backslashes.
            Environment.SetEnvironmentVariable(
                name.Replace("export ", "", StringComparison.Ordinal),
                value.Replace("\\", "", StringComparison.Ordinal)
            );
        }
    }
}
