using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Safeguarding.Cli;
using Safeguarding.MatchFiles.Estimation;
using Safeguarding.Matching.Rules.Model;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Safeguarding.MatchFiles;

/// <summary>The verb <c>match-files</c>: the rules of the service over two files, each query by itself.</summary>
internal sealed class LinkFiles(Terminal terminal) : Command<LinkFiles.Settings>
{
    private const int Chunk = 1000;

    public static int Run(IReadOnlyList<string> args, TextWriter output) =>
        Run(args, new Terminal(TextReader.Null, output, output, TimeProvider.System));

    public static int Run(IReadOnlyList<string> args, Terminal terminal)
    {
        var app = new CommandApp<LinkFiles>();
        app.WithDescription(
            "Matches two files of people offline with the rules of the matching service. See tools/match-files/README.md."
        );
        app.Configure(config =>
        {
            HubCli.Configure(config, terminal, "./hub match-files", [.. args]);
            config.SetHelpProvider(
                new HubHelp(config.Settings, ["0  Done", "1  Not done", "2  Invalid arguments or files"])
            );
        });
        return app.Run(args);
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        try
        {
            Link(settings, terminal.Writer);
            return ExitCode.Well;
        }
        catch (Exception refused)
            when (refused is BadFileException or IOException or UnauthorizedAccessException or JsonException)
        {
            terminal.Say(refused.Message);
            return ExitCode.Misused;
        }
    }

    private static void Link(Settings settings, TextWriter text)
    {
        var files = ReadFiles.Both(settings, text);
        var summary = new Summary(text, files.Encounters.Count);
        using var search = new RowSearch(files, byAnyTwo: settings.Estimate || files.Traits.Count > 0);
        summary.Step($"{files.Registry.Count:N0} rows indexed; {search.InWords}");
        var parameters = FitParameters.ForFiles(ParametersOf(settings), files, settings.RegisterSize);
        if (settings.Estimate)
            parameters = FitParameters.Estimated(parameters, files, search, summary.Step);
        Save(settings, parameters, files);
        summary.Step(Summary.PriorInWords(parameters));
        var query = new QueryOneRow(files, search, parameters);

        var report = new ReportPage(parameters, search);
        var linking = Stopwatch.StartNew();
        using (var output = new StreamWriter(settings.Out))
        using (
            var shadow = settings.Shadow is null
                ? null
                : ShadowFile.Beside(
                    settings.Out,
                    FitParameters.ForFiles(Read(settings.Shadow, Parameters.Read), files, settings.RegisterSize),
                    files,
                    search
                )
        )
        {
            var decisions = new DecisionFile(output, files, parameters, settings.Floor);
            foreach (var chunk in Enumerable.Range(0, files.Encounters.Count).Chunk(Chunk))
            {
                foreach (var answer in chunk.AsParallel().AsOrdered().Select(query.Find))
                {
                    decisions.Write(answer);
                    summary.Count(answer);
                    report.Sample(answer);
                    shadow?.Write(answer);
                }
            }

            if (settings.Report is not null)
                File.WriteAllText(settings.Report, report.Html(summary));
            summary.End(linking.Elapsed);
            shadow?.End(text);
        }
    }

    private static void Save(Settings settings, Parameters parameters, FilePair files)
    {
        if (settings.SaveParameters is not null)
        {
            using var json = File.Create(settings.SaveParameters);
            FitParameters.Kept(parameters, files).Write(json);
        }

        if (settings.SaveFrequencies is not null)
        {
            var counts = new NameCounts();
            foreach (var person in files.Encounters)
                counts.Count(person);
            using var json = File.Create(settings.SaveFrequencies);
            counts
                .Into(
                    ParametersOf(settings).Population,
                    $"counted-{counts.People}",
                    "Counted among the people of a file."
                )
                .Write(json);
        }
    }

    private static Parameters ParametersOf(Settings settings)
    {
        var parameters = settings.ParametersFile is null
            ? Parameters.Default
            : Read(settings.ParametersFile, Parameters.Read);
        return settings.Frequencies is null
            ? parameters
            : parameters with
            {
                Population = Read(settings.Frequencies, Population.Read),
            };
    }

    private static T Read<T>(string path, Func<Stream, T> read)
    {
        using var json = File.OpenRead(path);
        return read(json);
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--registry <FILE>")]
        [Description("The people to be found in: a council's register, or with a council column several.")]
        public string? Registry { get; init; }

        [CommandOption("--encounters <FILE>")]
        [Description("The people to be looked for, each by itself; with --self the registry itself.")]
        public string? Encounters { get; init; }

        [CommandOption("--out <FILE>")]
        [Description("The decisions.")]
        public string Out { get; init; } = "";

        [CommandOption("--map <FILE>")]
        [Description(
            """Which column is which trait: {"id": "rec_id", "identifier": "soc_sec_id", "given_names": "first_name"}."""
        )]
        public string? Map { get; init; }

        [CommandOption("--self")]
        [Description("Link the registry with itself, leaving out only the query's own row.")]
        public bool Self { get; init; }

        [CommandOption("--no-identifier")]
        [Description("Compare everything but the national number.")]
        public bool WithoutIdentifier { get; init; }

        [CommandOption("--estimate")]
        [Description("Learn figures and frequencies from the files (no truth is looked at).")]
        public bool Estimate { get; init; }

        [CommandOption("--parameters <FILE>")]
        [Description("Another parameter document than the one that comes with the rules.")]
        public string? ParametersFile { get; init; }

        [CommandOption("--frequencies <FILE>")]
        [Description("How common names are, in place of what the parameters say.")]
        public string? Frequencies { get; init; }

        [CommandOption("--shadow <FILE>")]
        [Description("Decide with these parameters too, and list what they would change (decisions.shadow.csv).")]
        public string? Shadow { get; init; }

        [CommandOption("--register-size <PEOPLE>")]
        [Description("How many people are on the whole register, for the prior; without it what the parameters say.")]
        public int? RegisterSize { get; init; }

        [CommandOption("--floor <POSTERIOR>")]
        [Description("Least posterior that is written; matches and questions always are.")]
        [DefaultValue(0.01)]
        public double Floor { get; init; }

        [CommandOption("--report <FILE>")]
        [Description("A page with the trade-off curve, the score histogram and masked sample pairs.")]
        public string? Report { get; init; }

        [CommandOption("--save-parameters <FILE>")]
        [Description("Write the parameters used, so that they can be run in shadow and put in place.")]
        public string? SaveParameters { get; init; }

        [CommandOption("--save-frequencies <FILE>")]
        [Description("Write how common names are among the encounters; names of fewer than five people are left out.")]
        public string? SaveFrequencies { get; init; }

        /// <summary>The register; with <see cref="Self"/> the one file that is given.</summary>
        public string RegistryFile => Registry ?? Encounters!;

        public override ValidationResult Validate() =>
            Error() is { } error ? ValidationResult.Error(error) : ValidationResult.Success();

        private string? Error()
        {
            var isMissing = Self ? Registry is null && Encounters is null : Registry is null || Encounters is null;
            if (isMissing || Out.Length == 0)
                return "--registry, --encounters (or --self) and --out are needed.";
            if (Floor is not (>= 0 and <= 1))
                return "--floor wants a number from 0 to 1.";
            if (RegisterSize is not null && Estimate)
                return "--estimate learns the prior from the files: leave --register-size out.";
            if (RegisterSize is < 1)
                return "--register-size wants a whole number from 1.";
            return WrittenOver();
        }

        // What is written is written over what is there: a register named by a slip of the keyboard would be gone.
        private string? WrittenOver()
        {
            (string Name, string? File, bool IsWritten)[] files =
            [
                ("--registry", Registry, false),
                ("--encounters", Encounters, false),
                ("--out", Out, true),
                ("--map", Map, false),
                ("--parameters", ParametersFile, false),
                ("--frequencies", Frequencies, false),
                ("--shadow", Shadow, false),
                ("--report", Report, true),
                ("--save-parameters", SaveParameters, true),
                ("--save-frequencies", SaveFrequencies, true),
            ];
            var same =
                from written in files
                where written is { IsWritten: true, File: not null }
                from other in files
                where other.File is not null && other.Name != written.Name
                where Path.GetFullPath(other.File) == Path.GetFullPath(written.File)
                select $"{written.Name} would be written over the file of {other.Name}.";
            return same.FirstOrDefault();
        }
    }
}
