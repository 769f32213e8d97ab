using System.Diagnostics;
using Safeguarding.TestKit;

namespace Safeguarding.Clients.Tests;

/// <summary>The programs in the folder typescript, restored from its lock file and built once for all tests.</summary>
internal static class TypeScript
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "clients", "typescript");
    private static readonly Lazy<Task> Built = new(BuildAsync);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Runs one to its end.</summary>
    /// <param name="name">Of its file.</param>
    /// <param name="environment">What it reads.</param>
    /// <returns>The lines that it wrote.</returns>
    public static async Task<string[]> RunAsync(string name, params (string Name, string Value)[] environment)
    {
        await Built.Value;
        var said = await RunAsync(environment, "node", $"build/{name}.js");
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task BuildAsync()
    {
        // What is installed already is left as it is: the lock file is older than what npm noted of it.
        if (
            File.GetLastWriteTimeUtc(Path.Combine(Folder, "node_modules", ".package-lock.json"))
            < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"))
        )
        {
            await RunAsync([], "npm", "ci");
        }

        await RunAsync([], "npm", "run", "build");
    }

    private static async Task<string> RunAsync(
        (string Name, string Value)[] environment,
        string program,
        params string[] words
    )
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = Folder,
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
