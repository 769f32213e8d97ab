using System.Diagnostics;
using System.Runtime.Versioning;

[assembly: UnsupportedOSPlatform("windows")]

namespace Safeguarding.Cli.Tests;

/// <summary>The repository that these tests were built in, and programs run as an operator runs them.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    public static string Texts => Path.Combine(Root, "tools/hub-cli/help");

    /// <summary>A file of it.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static async Task<Said> RunAsync(
        string program,
        string[] arguments,
        params (string Name, string? Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (
            var known in start.Environment.Keys.Where(key => key.StartsWith("HUB_", StringComparison.Ordinal)).ToList()
        )
        {
            start.Environment.Remove(known);
        }

        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Said(process.ExitCode, await output, await error);
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Safeguarding.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Safeguarding.sln");
        return folder.FullName;
    }
}

internal sealed record Said(int Code, string Output, string Error)
{
    public string All => Output + Error;
}

/// <summary>A folder that is gone when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hub-cli-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
