using Safeguarding.Cli.Setup;

namespace Safeguarding.Cli.Run;

/// <summary>
/// Whom the services run as where root runs <c>./hub</c>: <c>nobody</c>, or <c>HUB_SERVICE_USER</c>. It reads the
/// services' own secrets and may change no more than what services write.
/// </summary>
internal sealed record ServiceUser(string Name, string Id, string Group)
{
    /// <summary>Where the services of such a user write their logs; logs/ has a link to each.</summary>
    public static string Logs => Path.Combine(Place.State, "service-logs");

    /// <summary>Null where root does not run this: then the services run as whoever starts them.</summary>
    public static async Task<ServiceUser?> FindAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            return null;
        var name = Place.Setting("HUB_SERVICE_USER") ?? "nobody";
        var (id, group) = (await IdAsync("-u", name), await IdAsync("-g", name));
        return id == "0"
            ? throw new RefusedException("HUB_SERVICE_USER: the services do not run as root.")
            : new ServiceUser(name, id, group);
    }

    /// <summary>A command line that runs as this user. No program that it starts becomes another.</summary>
    public string[] Run(params string[] command) =>
        ["setpriv", $"--reuid={Id}", $"--regid={Group}", "--clear-groups", "--no-new-privs", "--", .. command];

    public async Task<bool> CanAsync(string test, string path)
    {
        var command = Run("test", test, path);
        try
        {
            await Programs.RunAsync(command[0], command[1..]);
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }

    /// <summary>Gives it what the services read and write, and nothing else of the hub.</summary>
    public async Task PrepareAsync(SecretFolder secrets)
    {
        foreach (var folder in (string[])[Place.State, Place.Secrets])
        {
            File.SetUnixFileMode(
                folder,
                File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
            );
        }

        if (!await CanAsync("-x", Place.Secrets))
        {
            throw new RefusedException(
                $"The user {Name}, as whom the services run, cannot reach {Place.Secrets}. HUB_STATE_DIRECTORY names a folder that others may enter."
            );
        }

        // By its group: it reads them and cannot change them. What root adds to these later is of the group too.
        var read = Member
            .All.SelectMany(member => (string[])[member.Name, $"{member.Name}-keys"])
            .Concat([KeyRings.SharedFolder, "register"])
            .Select(secrets.PathOf)
            .Where(Directory.Exists)
            .ToArray();
        await Programs.RunAsync("chgrp", ["-R", Group, .. read]);
        await Programs.RunAsync("chmod", ["-R", "g+rX-w", .. read]);
        await Programs.RunAsync("find", [.. read, "-type", "d", "-exec", "chmod", "g+s", "{}", "+"]);
        string[] write = [secrets.PathOf("identity-keys"), Place.AuditRoots, Logs];
        foreach (var folder in write)
            Directory.CreateDirectory(folder);
        await Programs.RunAsync("chown", ["-hR", $"{Id}:{Group}", .. write]);
    }

    private static async Task<string> IdAsync(string which, string name)
    {
        var id = "";
        await Programs.RunAsync("id", [which, name], line => id = line);
        return id;
    }
}
