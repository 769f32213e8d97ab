using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Safeguarding.Cli.Backups;

/// <summary>A file of a backup, with its checksum beside it. Its name says when it was made.</summary>
internal static partial class BackupFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string Name(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"hub-{at:yyyyMMdd'T'HHmmss'Z'}");

    /// <exception cref="RefusedException">The name does not say.</exception>
    public static DateTimeOffset MadeAt(string file) =>
        Stamp().Match(Path.GetFileName(file)) is { Success: true } name
        && DateTimeOffset.TryParseExact(
            name.Groups[1].Value,
            "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : throw RefusedException.Misused(
                "The name of a backup says when it was made: hub-20261125T060000Z.database"
            );

    /// <summary>Takes its last name only when it is whole.</summary>
    public static async Task WriteAsync(string file, Func<Stream, Task> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var part = $"{file}.part";
        File.Delete(part);
        await using (
            var stream = new FileStream(
                part,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            )
        )
        {
            await content(stream);
        }

        File.Move(part, file);
        await File.WriteAllTextAsync($"{file}.sha256", $"{await DigestAsync(file)}  {Path.GetFileName(file)}\n");
        await KeepOwnerAsync(file);
    }

    /// <exception cref="RefusedException">It cannot be read, or is not what was backed up.</exception>
    public static async Task CheckAsync(string file, Action<string> say)
    {
        if (!File.Exists(file))
            throw RefusedException.Misused($"There is no file {file}.");
        if (!File.Exists($"{file}.sha256"))
        {
            say($"no checksum beside {file}: it is not known to be whole");
            return;
        }

        var expected = (await File.ReadAllTextAsync($"{file}.sha256")).Split(' ')[0];
        if (await DigestAsync(file) != expected)
            throw new RefusedException($"{file} is not what was backed up: its checksum differs. Nothing was done.");
    }

    private static async Task<string> DigestAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }

    // In a container this is root, and the folder is somebody's on the host.
    private static async Task KeepOwnerAsync(string file)
    {
        if (Place.Setting("HUB_WAY") != "compose")
            return;
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        await Run.Programs.RunAsync("chown", [$"--reference={folder}", file, $"{file}.sha256"]);
    }

    [GeneratedRegex(@"^hub-(\d{8}T\d{6}Z)\.database$")]
    private static partial Regex Stamp();
}
