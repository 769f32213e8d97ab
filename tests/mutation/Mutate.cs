using Safeguarding.Cli;
using Spectre.Console.Cli;

namespace Safeguarding.Mutation;

/// <summary><c>./hub mutate</c>, which names the first three arguments.</summary>
internal sealed class Mutate : AsyncCommand<Mutate.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var part = Part.All.Single(part => part.Name == settings.Part);
        var folder = Path.Combine(settings.State, "mutation", part.Name);
        if (settings.Quick && part.Quick.Length == 0)
            throw RefusedException.Misused($"{part.Name} has no quick tests");
        if (settings.Sample < 1)
            throw RefusedException.Misused("--sample is followed by how many mutants are tried");

        // Before the mutants are made, which takes minutes.
        var sources = Directory.EnumerateFiles(
            Path.Combine(settings.Root, part.Folder),
            "*.cs",
            SearchOption.AllDirectories
        );
        foreach (var file in settings.Files.Except(sources.Select(source => Path.GetFileName(source)!)))
            throw RefusedException.Misused($"there is no file {file} in {part.Folder}");

        var mutants = await Mutants.MakeAsync(part, settings.Root, folder);
        foreach (var file in settings.Files)
        {
            if (!mutants.Any(mutant => Path.GetFileName(mutant.File) == file))
                throw RefusedException.Misused($"there are no mutants of a file {file} in {part.Folder}");
        }

        // Always the same order: a larger sample contains the smaller, and a run that was stopped goes on where it was.
        new Random(12).Shuffle(mutants);
        Mutant[] drawn =
        [
            .. mutants
                .Where(mutant => settings.Files is [] || settings.Files.Contains(Path.GetFileName(mutant.File)))
                .Take(settings.Sample ?? int.MaxValue),
        ];
        var results = new Results(folder, settings.Quick, Mutants.Fingerprint(Path.Combine(settings.Root, part.Tests)));
        if (!settings.OnlyReport)
            await new Trials(part, settings.Quick, settings.Root, folder, results).RunAsync(drawn);
        return Report.Write(part, settings.Quick, mutants.Length, drawn, results);
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<root>")]
        public string Root { get; init; } = "";

        [CommandArgument(1, "<state>")]
        public string State { get; init; } = "";

        [CommandArgument(2, "<part>")]
        public string Part { get; init; } = "";

        [CommandArgument(3, "[file]")]
        public string[] Files { get; init; } = [];

        [CommandOption("--sample <NUMBER>")]
        public int? Sample { get; init; }

        [CommandOption("--quick")]
        public bool Quick { get; init; }

        [CommandOption("--report")]
        public bool OnlyReport { get; init; }
    }
}
