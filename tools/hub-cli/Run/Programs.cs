using System.Diagnostics;

namespace Safeguarding.Cli.Run;

/// <summary>Other programs of this machine, run to their end.</summary>
internal static class Programs
{
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">One by one; no shell reads them.</param>
    /// <param name="say">Receives each line it writes.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <param name="into">Takes standard output byte for byte.</param>
    /// <param name="from">Is its standard input.</param>
    /// <exception cref="RefusedException">It is not there, or ended with a fault.</exception>
    public static async Task RunAsync(
        string program,
        string[] arguments,
        Action<string>? say = null,
        IReadOnlyDictionary<string, string>? environment = null,
        Stream? into = null,
        Stream? from = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Start(start);
        var last = "";
        async Task ReadAsync(StreamReader lines)
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                last = line;
                say?.Invoke(line);
            }
        }

        async Task FeedAsync()
        {
            await using var input = process.StandardInput.BaseStream;
            try
            {
                if (from is not null)
                    await from.CopyToAsync(input);
            }
            catch (IOException)
            {
                // It ended before it had read everything: its exit code and words say why.
            }
        }

        await Task.WhenAll(
            into is null ? ReadAsync(process.StandardOutput) : process.StandardOutput.BaseStream.CopyToAsync(into),
            ReadAsync(process.StandardError),
            FeedAsync()
        );
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new RefusedException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {last}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new RefusedException($"{start.FileName} is not installed on this machine.");
        }
    }

    /// <summary>A program of PostgreSQL: Debian keeps them out of the path.</summary>
    public static string OfPostgres(string name) =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin", name))
            .FirstOrDefault(File.Exists)
        ?? name;
}
