using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Safeguarding.Mutation;

/// <param name="Id">As the mutated assembly knows it.</param>
/// <param name="File">Relative to the project.</param>
internal sealed record Mutant(int Id, string File, int Line, string Mutator, string Was, string Becomes);

/// <summary>
/// Lets Stryker make the mutants: one assembly that holds them all, of which an environment variable chooses one.
/// </summary>
internal static class Mutants
{
    private static readonly string[] Mutators =
    [
        "Statement",
        "Arithmetic",
        "Block",
        "Equality",
        "Boolean",
        "Logical",
        "Assignment",
        "Unary",
        "Update",
        "Checked",
        "Linq",
        "String",
        "Bitwise",
        "Initializer",
        "Regex",
        "NullCoalescing",
        "Math",
        "StringMethod",
        "Conditional",
        "CollectionExpression",
    ];

    public static async Task<Mutant[]> MakeAsync(Part part, string root, string folder)
    {
        var list = Path.Combine(folder, "mutants.json");
        var fingerprint = Fingerprint(Path.Combine(root, part.Folder));
        var made = Path.Combine(folder, "made-from");
        if (!File.Exists(made) || await File.ReadAllTextAsync(made) != fingerprint)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            await RunStrykerAsync(part, root, folder);
            var report = Directory.GetFiles(folder, "mutation-report.json", SearchOption.AllDirectories).Single();
            var mutants = Read(part, root, await File.ReadAllTextAsync(report));
            await File.WriteAllTextAsync(list, JsonSerializer.Serialize(mutants));
            await File.WriteAllTextAsync(made, fingerprint);
        }

        return JsonSerializer.Deserialize<Mutant[]>(await File.ReadAllTextAsync(list))!;
    }

    public static string Fingerprint(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file);
            if (name.Split('/') is ["bin" or "obj" or "StrykerOutput", ..])
                continue;
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    // It makes all mutants and is told to ignore them. Its runner for the Microsoft Testing Platform reports nearly
    // every one as timed out, and keeps one process for all (stryker-net issues 3655 and 3742). It puts the original
    // back when it ends, so the mutated assembly is copied while it counts what the tests cover.
    private static async Task RunStrykerAsync(Part part, string root, string folder)
    {
        var config = Path.Combine(folder, "stryker-config.json");
        await File.WriteAllTextAsync(
            config,
            JsonSerializer.Serialize(
                new Dictionary<string, object>
                {
                    ["stryker-config"] = new Dictionary<string, object>
                    {
                        ["project"] = Path.GetFileName(part.Project) + ".csproj",
                        ["configuration"] = "Release",
                        ["test-runner"] = "mtp",
                        ["test-case-filter"] = part.StrykerFilter,
                        ["coverage-analysis"] = "all",
                        ["ignore-mutations"] = Mutators,
                        ["reporters"] = new[] { "json" },
                    },
                }
            )
        );
        var built = Path.Combine(root, part.Tests, "bin/Release/net10.0", part.Assembly);
        var kept = Path.Combine(folder, part.Assembly);
        File.Delete(built); // what a run that was stopped left there
        var start = new ProcessStartInfo("dotnet", ["stryker", "-f", config, "--output", folder])
        {
            WorkingDirectory = Path.Combine(root, part.Tests),
            RedirectStandardOutput = true,
        };
        using var stryker = Process.Start(start)!;
        var output = stryker.StandardOutput.ReadToEndAsync();
        while (!stryker.HasExited)
        {
            await Task.WhenAny(stryker.WaitForExitAsync(), Task.Delay(100));
            if (IsMutated(built))
                File.Copy(built, kept, overwrite: true);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "stryker.log"), await output);
        if (!IsMutated(kept))
            throw new InvalidOperationException($"Stryker made no mutants. Its output is in {folder}/stryker.log");
    }

    private static bool IsMutated(string assembly)
    {
        try
        {
            return File.Exists(assembly) && File.ReadAllBytes(assembly).AsSpan().IndexOf("MutantControl"u8) >= 0;
        }
        catch (IOException)
        {
            return false; // being written
        }
    }

    private static Mutant[] Read(Part part, string root, string report)
    {
        using var document = JsonDocument.Parse(report);
        var project = Path.Combine(root, part.Folder);
        var mutants = new List<Mutant>();
        foreach (var file in document.RootElement.GetProperty("files").EnumerateObject())
        {
            var name = Path.GetRelativePath(project, Path.Combine(project, file.Name));
            if (!part.Mutates(name))
                continue;
            var lines = file.Value.GetProperty("source").GetString()!.Split('\n');
            foreach (var mutant in file.Value.GetProperty("mutants").EnumerateArray())
            {
                if (mutant.GetProperty("status").GetString() == "CompileError")
                    continue;
                var place = mutant.GetProperty("location");
                mutants.Add(
                    new(
                        int.Parse(mutant.GetProperty("id").GetString()!, null),
                        name,
                        place.GetProperty("start").GetProperty("line").GetInt32(),
                        mutant.GetProperty("mutatorName").GetString()!,
                        Between(lines, place.GetProperty("start"), place.GetProperty("end")),
                        OneLine(mutant.GetProperty("replacement").GetString()!)
                    )
                );
            }
        }

        return [.. mutants];
    }

    private static string Between(string[] lines, JsonElement start, JsonElement end)
    {
        var (from, to) = (start.GetProperty("line").GetInt32() - 1, end.GetProperty("line").GetInt32() - 1);
        var (first, last) = (start.GetProperty("column").GetInt32() - 1, end.GetProperty("column").GetInt32() - 1);
        return OneLine(
            from == to
                ? lines[from][first..last]
                : string.Join(' ', [lines[from][first..], .. lines[(from + 1)..to], lines[to][..last]])
        );
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
