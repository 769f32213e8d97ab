using System.Diagnostics;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// The services of the release whose leavings lie in <c>Releases</c>, built from the commit that put them there, or
/// from a folder of binaries in <c>HUB_PREVIOUS_RELEASE</c>.
/// </summary>
internal sealed class PreviousRelease : IAsyncDisposable
{
    private readonly string? _tree;

    private PreviousRelease(string folder, string? tree) => (Folder, _tree) = (folder, tree);

    /// <summary>Where the assemblies are.</summary>
    public string Folder { get; }

    public static async Task<PreviousRelease> BuildAsync()
    {
        if (Environment.GetEnvironmentVariable("HUB_PREVIOUS_RELEASE") is { Length: > 0 } given)
            return new PreviousRelease(given, null);
        var (code, commit) = await RunAsync(
            "git",
            "log",
            "--diff-filter=A",
            "--format=%H",
            "--",
            "tests/hub/Releases/0.1/broker.json"
        );
        Assert.SkipUnless(
            code == 0 && commit.Trim().Length == 40,
            "The previous release is built from the history of this repository, which is not here (a shallow clone, "
                + "say): set HUB_PREVIOUS_RELEASE."
        );
        var tree = Path.Combine(Path.GetTempPath(), $"hub-previous-{Guid.CreateVersion7():n}");
        var previous = new PreviousRelease(Path.Combine(tree, "tests", "hub", "bin", "Release", "net10.0"), tree);
        try
        {
            await MustAsync("git", "worktree", "add", "--detach", tree, commit.Trim());
            // How it was written was judged in its time, by the analyzers of its time.
            await MustAsync(
                "dotnet",
                "build",
                Path.Combine(tree, "tests", "hub"),
                "-c",
                "Release",
                "-v",
                "quiet",
                "-p:RunAnalyzers=false",
                "-p:TreatWarningsAsErrors=false"
            );
            return previous;
        }
        catch
        {
            await previous.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_tree is not null)
            await RunAsync("git", "worktree", "remove", "--force", _tree);
    }

    private static async Task MustAsync(string program, params string[] arguments)
    {
        var (code, output) = await RunAsync(program, arguments);
        Assert.True(code == 0, $"{program} {arguments[0]} ended with {code}: {output}");
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
