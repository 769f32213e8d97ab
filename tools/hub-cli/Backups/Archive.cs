using Safeguarding.Cli.Run;

namespace Safeguarding.Cli.Backups;

/// <summary>
/// All secrets and keys as one archive. The program tar keeps whose each file is; its members run under users
/// of their own in compose.
/// </summary>
internal static class Archive
{
    private static string Parent => Path.GetDirectoryName(Path.GetFullPath(Place.Secrets))!;

    public static Task WriteAsync(Stream into) =>
        Programs.RunAsync("tar", ["-C", Parent, "-cf", "-", Path.GetFileName(Place.Secrets)], into: into);

    /// <summary>In place of what there is. Folders stay: in compose they are volumes.</summary>
    public static async Task ReplaceAsync(string file)
    {
        if (Directory.Exists(Place.Secrets))
        {
            foreach (var present in Directory.GetFiles(Place.Secrets, "*", SearchOption.AllDirectories))
                File.Delete(present);
        }

        Directory.CreateDirectory(
            Place.Secrets,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        // Whatever the folder was called where the backup was made.
        await Programs.RunAsync("tar", ["-C", Place.Secrets, "--strip-components=1", "-xpf", file]);
    }
}
