using System.Diagnostics;
using Xunit;

namespace Safeguarding.TestKit;

/// <summary>
/// A server's program, started as the user it wants: as root PostgreSQL refuses to run, and RabbitMQ should
/// not.
/// </summary>
internal static class OwnProcess
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <summary>A folder of its own under the temporary one, which that user may enter.</summary>
    public static string Folder(string name)
    {
        var folder = Directory.CreateDirectory(
            Path.Combine(Path.GetTempPath(), $"hub-{name}-{Guid.CreateVersion7():n}")
        );
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return folder.FullName;
    }

    /// <summary>A folder that belongs to that user alone.</summary>
    public static async Task<string> FolderOfAsync(string user, string path)
    {
        var folder = Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (Environment.IsPrivilegedProcess)
            await RunAsync(null, "/", "chown", $"{user}:", path);
        return path;
    }

    /// <summary>Runs a program to its end; its output.</summary>
    public static async Task<string> RunAsync(string? user, string folder, string program, params string[] arguments)
    {
        using var process = Start(user, folder, program, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Timeout);
        await process.WaitForExitAsync(late.Token);
        // A server that it leaves behind may hold the pipes open, so they are not read to their end when all went well.
        if (process.ExitCode != 0)
            Assert.Fail($"{program} {arguments[0]} ended with {process.ExitCode}: {await errors}");
        return output.IsCompleted ? await output : "";
    }

    /// <summary>Starts a program that goes on.</summary>
    public static Process Start(string? user, string folder, string program, params string[] arguments)
    {
        var start =
            user is not null && Environment.IsPrivilegedProcess
                ? new ProcessStartInfo(
                    "setpriv",
                    [$"--reuid={user}", $"--regid={user}", "--init-groups", "--", program, .. arguments]
                )
                : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return Process.Start(start)!;
    }

    /// <summary>The script that starts and installs private servers.</summary>
    public static string Servers()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Safeguarding.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Safeguarding.sln");
        return Path.Combine(folder.FullName, "infra", "native", "servers");
    }
}
