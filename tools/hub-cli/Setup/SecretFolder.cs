using System.Runtime.Versioning;
using System.Security.Cryptography;

// Secrets on disk are guarded by Unix file modes.
[assembly: UnsupportedOSPlatform("windows")]

namespace Safeguarding.Cli.Setup;

/// <summary>
/// Files of one secret each. What exists is kept, unless the environment (an .env file, say) gives another
/// value.
/// </summary>
internal sealed class SecretFolder(string path, UnixFileMode mode, Action<string>? say = null)
{
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>What init has made, to be read.</summary>
    public static SecretFolder ForReading() => new(Place.Secrets, UnixFileMode.UserRead);

    public string PathOf(string name) => Path.Combine(path, name);

    public string Password(string name, string variable)
    {
        var given = Environment.GetEnvironmentVariable(variable);
        if (!string.IsNullOrEmpty(given))
        {
            Write(name, given);
            return given;
        }

        return Read(name) ?? Make(name, NewPassword);
    }

    public static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public string? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)).TrimEnd() : null;

    public string Make(string name, Func<string> content)
    {
        if (Read(name) is { } existing)
            return existing;

        var made = content();
        Write(name, made);
        say?.Invoke($"made {name}");
        return made;
    }

    /// <summary>Replaces the file whole, so that a reader never sees half of it.</summary>
    public void Write(string name, string content)
    {
        var target = PathOf(name);
        CreateDirectory(Path.GetDirectoryName(target)!);
        var draft = $"{target}.new";
        File.Delete(draft);
        using (
            var file = new StreamWriter(
                draft,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = mode,
                }
            )
        )
        {
            file.Write(content);
        }

        File.SetUnixFileMode(draft, mode);
        File.Move(draft, target, overwrite: true);
    }

    private void CreateDirectory(string directory)
    {
        if (Directory.Exists(directory))
            return;

        var readers = mode & (UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var enter = (UnixFileMode)((int)readers >> 2) & Enter;
        Directory.CreateDirectory(
            directory,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | readers | enter
        );
    }
}
