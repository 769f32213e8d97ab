using System.Globalization;

namespace Safeguarding.MatchFiles;

/// <summary>What was asked for on the command line.</summary>
internal sealed record Arguments
{
    public const string Usage = """
        match-files --registry R.csv --encounters E.csv --out decisions.csv
                    [--map map.json] [--self] [--no-identifier] [--estimate]
                    [--parameters p.json] [--frequencies f.json] [--shadow other.json]
                    [--register-size 150000] [--floor 0.01] [--report report.html] [--save-parameters p.json] [--save-frequencies f.json]

          --registry       the people to be found in: one council's register, or with a council column several
          --encounters     the people to be looked for, each by itself; with --self the registry itself
          --map            which column is which trait: {"id": "rec_id", "identifier": "soc_sec_id", "given_names": "first_name"}
          --self           link the registry with itself, leaving out only the query's own row
          --no-identifier  compare everything but the national number
          --estimate       learn figures and frequencies from the files (no truth is looked at)
          --parameters     another parameter document than the one that comes with the rules
          --frequencies    how common names are, in place of what the parameters say
          --shadow         decide with these parameters too, and list what they would change (decisions.shadow.csv)
          --register-size  how many people are on the whole register, for the prior (default: what the parameters say)
          --floor          least posterior that is written (default 0.01); matches and questions always are
          --report         a page with the trade-off curve, the score histogram and masked sample pairs
          --save-parameters  write the parameters used, so that they can be run in shadow and put in place
          --save-frequencies write how common names are among the encounters; names of fewer than five people are left out
        """;

    public required string Registry { get; init; }
    public string? Encounters { get; init; }
    public required string Out { get; init; }
    public string? Map { get; init; }
    public bool Self { get; init; }
    public bool WithoutIdentifier { get; init; }
    public bool Estimate { get; init; }
    public string? ParametersFile { get; init; }
    public int? RegisterSize { get; init; }
    public double Floor { get; init; } = 0.01;
    public string? Report { get; init; }
    public string? Frequencies { get; init; }
    public string? Shadow { get; init; }
    public string? SaveParameters { get; init; }
    public string? SaveFrequencies { get; init; }

    public static Arguments Read(IReadOnlyList<string> args)
    {
        var values = new Dictionary<string, string>();
        var flags = new HashSet<string>();
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--self" or "--no-identifier" or "--estimate":
                    flags.Add(args[i]);
                    break;
                case "--registry"
                or "--encounters"
                or "--out"
                or "--map"
                or "--parameters"
                or "--register-size"
                or "--floor"
                or "--report"
                or "--frequencies"
                or "--shadow"
                or "--save-parameters"
                or "--save-frequencies":
                    if (i + 1 == args.Count)
                        throw new BadFileException($"{args[i]} wants a value.");
                    values[args[i]] = args[++i];
                    break;
                default:
                    throw new BadFileException($"Unknown argument {args[i]}.");
            }
        }

        var self = flags.Contains("--self");
        var encounters = values.GetValueOrDefault("--encounters");
        var registry = values.GetValueOrDefault("--registry") ?? (self ? encounters : null);
        if (registry is null || !values.TryGetValue("--out", out var output) || (encounters is null && !self))
            throw new BadFileException("--registry, --encounters (or --self) and --out are needed.");
        if (
            !double.TryParse(values.GetValueOrDefault("--floor", "0.01"), CultureInfo.InvariantCulture, out var floor)
            || floor is not (>= 0 and <= 1)
        )
        {
            throw new BadFileException("--floor wants a number from 0 to 1.");
        }

        int? registerSize = null;
        if (values.TryGetValue("--register-size", out var people))
        {
            if (flags.Contains("--estimate"))
                throw new BadFileException("--estimate learns the prior from the files: leave --register-size out.");
            registerSize =
                int.TryParse(people, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0
                    ? size
                    : throw new BadFileException("--register-size wants a whole number from 1.");
        }

        OneFileOnePurpose(values);
        return new()
        {
            Registry = registry,
            Encounters = encounters,
            Out = output,
            Map = values.GetValueOrDefault("--map"),
            Self = self,
            WithoutIdentifier = flags.Contains("--no-identifier"),
            Estimate = flags.Contains("--estimate"),
            ParametersFile = values.GetValueOrDefault("--parameters"),
            RegisterSize = registerSize,
            Floor = floor,
            Report = values.GetValueOrDefault("--report"),
            Frequencies = values.GetValueOrDefault("--frequencies"),
            Shadow = values.GetValueOrDefault("--shadow"),
            SaveParameters = values.GetValueOrDefault("--save-parameters"),
            SaveFrequencies = values.GetValueOrDefault("--save-frequencies"),
        };
    }

    // What is written is written over what is there: a register named by a slip of the keyboard would be gone.
    private static void OneFileOnePurpose(Dictionary<string, string> values)
    {
        var written = values.Keys.Where(name =>
            name is "--out" or "--report" or "--save-parameters" or "--save-frequencies"
        );
        foreach (var name in written)
        {
            var other = values
                .FirstOrDefault(value =>
                    value.Key != name
                    && value.Key is not ("--floor" or "--register-size")
                    && Path.GetFullPath(value.Value) == Path.GetFullPath(values[name])
                )
                .Key;
            if (other is not null)
                throw new BadFileException($"{name} would be written over the file of {other}.");
        }
    }
}
