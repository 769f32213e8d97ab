using System.Diagnostics;
using System.Globalization;

namespace Safeguarding.Mutation;

/// <summary>
/// Runs the tests against each mutant in a process of its own until one fails. A mutant that loops is found by the
/// processor time it takes, since a busy machine makes every clock run late.
/// </summary>
internal sealed class Trials(Part part, bool quick, string root, string folder, Results results)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan LongestOfQuick = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(30);

    public async Task RunAsync(IReadOnlyList<Mutant> mutants)
    {
        // The tests may be newer than the mutants.
        var bin = Path.Combine(folder, "bin");
        CopyFolder(Path.Combine(root, part.Tests, "bin/Release/net10.0"), bin);
        File.Copy(Path.Combine(folder, part.Assembly), Path.Combine(bin, part.Assembly), overwrite: true);
        if (await TryAsync(-1) is var unchanged and not Verdict.Survived)
            throw new InvalidOperationException($"The tests do not pass without a mutant ({unchanged})");

        var waiting = mutants.Where(mutant => results.Of(mutant) is null).ToArray();
        var done = mutants.Count - waiting.Length;
        var said = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            waiting,
            new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount },
            async (mutant, _) =>
            {
                results.Add(mutant, await TryAsync(mutant.Id));
                Interlocked.Increment(ref done);
                lock (said)
                {
                    if (said.Elapsed < BetweenLines)
                        return;
                    said.Restart();
                    Console.WriteLine($"{done} of {mutants.Count} mutants tried");
                }
            }
        );
    }

    private async Task<Verdict> TryAsync(int mutant)
    {
        if (part.Quick.Length > 0)
        {
            string[] classes = [.. part.Quick.SelectMany(name => new[] { "-class", name })];
            var verdict = await RunAsync(mutant, LongestOfQuick, classes);
            if (quick || verdict != Verdict.Survived)
                return verdict;
        }

        return await RunAsync(mutant, Longest, ["-trait-", "Run=whole", "-trait-", "Run=bounded"]);
    }

    private async Task<Verdict> RunAsync(int mutant, TimeSpan longest, string[] filter)
    {
        var tests = Path.Combine(folder, "bin", Path.GetFileName(TestAssembly()));
        var start = new ProcessStartInfo(
            "bash",
            [
                "-c",
                $"ulimit -t {part.ProcessorSeconds}; exec dotnet \"$0\" -noLogo -noColor -stopOnFail \"$@\"",
                tests,
                .. filter,
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["STRYKER_MUTANT_ID_CONTROL_VAR"] = "HUB_MUTANT";
        start.Environment["HUB_MUTANT"] = mutant.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(longest);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return Verdict.TimedOut;
        }

        await output;
        return process.ExitCode switch
        {
            0 => Verdict.Survived,
            128 + 9 or 128 + 24 => Verdict.TimedOut, // SIGKILL, SIGXCPU
            _ => Verdict.Killed,
        };
    }

    private string TestAssembly() =>
        Directory.GetFiles(Path.Combine(root, part.Tests, "bin/Release/net10.0"), "*.Tests.dll").Single();

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
