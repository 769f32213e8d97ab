using System.Text.RegularExpressions;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Which folder uses which, read from the sources: by <c>using</c>, by a name that begins with a namespace, and, of the
/// folders above it, by the bare name of a type.
/// </summary>
public sealed partial class Folders
{
    private const StringComparison Exactly = StringComparison.Ordinal;
    private static readonly Use[] Uses = [.. ReadUses()];

    [Fact]
    public void No_folders_use_each_other_in_a_circle()
    {
        var below = Uses.ToLookup(use => use.Folder, use => use.Used);
        Assert.True(below.Count > 60, $"found only {below.Count} folders");
        var circles = below.Select(folder => folder.Key).Where(folder => Reach(below, folder).Contains(folder));

        Assert.Empty(circles.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_program_uses_its_folders_only_downwards()
    {
        var above =
            from use in Uses
            from program in Floors
            let name = $"{program.Key}."
            where use.Folder.StartsWith(name, Exactly) && use.Used.StartsWith(name, Exactly)
            let floor = use.Folder[name.Length..].Split('.')[0]
            let used = use.Used[name.Length..].Split('.')[0]
            where floor != used && !program.Value.GetValueOrDefault(floor, []).Contains(used)
            select $"{use.Path} in {floor} uses {use.Used}";

        Assert.Empty(above);
    }

    [Fact]
    public void Each_folder_has_a_floor_and_rests_on_floors_below_it()
    {
        var floors =
            from folder in Uses.Select(use => use.Folder).Distinct()
            let program = Floors.Keys.Where(name => folder.StartsWith($"{name}.", Exactly)).MaxBy(name => name.Length)
            where program is not null
            select (program, Floor: folder[(program.Length + 1)..].Split('.')[0]);
        Assert.All(floors, floor => Assert.Contains(floor.Floor, Floors[floor.program].Keys));
        Assert.All(Floors.Values, program =>
        {
            foreach (var (index, floor) in program.Index())
                Assert.All(floor.Value, used => Assert.Contains(used, program.Keys.Take(index)));
        });
    }

    [Theory]
    [InlineData("Notification")]
    [InlineData("Matching")]
    [InlineData("PlanRegistry")]
    public void A_domain_knows_no_database_no_http_and_no_channel(string service)
    {
        string[] foreign = ["EntityFrameworkCore", "Npgsql", "AspNetCore", "StatusCodes", "HttpContext", "HttpClient"];
        var domain = Source_files
            .Sources()
            .Where(file => Declared().Match(file.Text).Groups[1].Value.StartsWith($"{service}.Domain", Exactly))
            .ToList();
        Assert.NotEmpty(domain);
        var known =
            from file in domain
            from word in foreign
            where file.Text.Contains(word, Exactly)
            select $"{file.Path}: {word}";
        Assert.Empty(known);
    }

    /// <summary>Of each program, its folders from the lowest up, and the floors below that each uses.</summary>
    private static readonly Dictionary<string, OrderedDictionary<string, string[]>> Floors = new()
    {
        ["Contracts"] = new()
        {
            ["Alerts"] = [],
            ["Councils"] = [],
            ["Persons"] = [],
            ["Encounters"] = ["Persons"],
            ["Plans"] = ["Persons"],
            ["Matches"] = ["Plans", "Encounters"],
        },
        ["Messaging"] = new()
        {
            ["Faults"] = [],
            ["Storage"] = ["Faults"],
            ["Inbox"] = ["Storage", "Faults"],
            ["Outbox"] = ["Inbox", "Storage", "Faults"],
            ["Broker"] = ["Outbox", "Inbox", "Faults"],
        },
        ["Hosting"] = new()
        {
            ["Access"] = [],
            ["Hours"] = [],
            ["Organisations"] = [],
            ["Privacy"] = [],
            ["Tls"] = [],
            ["OpenApi"] = ["Access"],
            ["Telemetry"] = ["Privacy", "Access"],
            ["Audit"] = ["OpenApi", "Privacy", "Access"],
            ["Storage"] = ["Audit", "Privacy", "Access"],
            ["SubjectAccess"] = ["Storage", "Access"],
        },
        ["Operations"] = new()
        {
            ["Accounts"] = [],
            ["ParkedMessages"] = [],
            ["Sources"] = [],
            ["Refusals"] = ["Sources"],
        },
        ["Identity"] = new()
        {
            ["Configuration"] = [],
            ["Keys"] = [],
            ["Storage"] = [],
            ["Clients"] = ["Storage", "Configuration"],
            ["Assertions"] = ["Storage", "Clients"],
            ["Audit"] = ["Clients", "Configuration"],
            ["Pages"] = ["Clients"],
            ["Revoking"] = ["Storage", "Keys", "Clients"],
            ["OwnClients"] = ["Revoking", "Audit", "Assertions", "Clients", "Storage", "Keys"],
            ["Development"] = ["Pages"],
            ["People"] = ["Development", "Pages", "Audit", "Storage", "Keys", "Configuration"],
            ["Files"] = ["People", "Revoking", "Audit", "Clients", "Storage", "Keys", "Configuration"],
            ["Tokens"] = ["People", "Revoking", "Audit", "Assertions", "Storage", "Keys", "Clients"],
        },
        ["EncounterIngest"] = new()
        {
            ["Fhir"] = [],
            ["Storage"] = ["Fhir"],
            ["Http"] = ["Storage", "Fhir"],
            ["Organisations"] = ["Storage", "Fhir"],
            ["Sites"] = ["Organisations", "Storage", "Fhir"],
            ["Encounters"] = ["Organisations", "Http", "Storage", "Fhir"],
            ["Contacts"] = ["Encounters", "Http", "Storage", "Fhir"],
            ["Hl7v2"] = ["Encounters", "Http", "Storage", "Fhir"],
        },
        ["PlanRegistry"] = new()
        {
            ["Domain"] = [],
            ["Storage"] = ["Domain"],
            ["BreakGlass"] = ["Storage", "Domain"],
            ["Plans"] = ["Storage", "Domain"],
            ["Councils"] = ["Plans", "Storage", "Domain"],
            ["Lookups"] = ["Plans", "Storage", "Domain"],
            ["Refusals"] = ["Plans", "Domain"],
            ["Uploads"] = ["Refusals", "Plans", "Storage", "Domain"],
        },
        ["Matching.Rules"] = new()
        {
            ["Measures"] = [],
            ["Names"] = [],
            ["Frequencies"] = ["Names"],
            ["Traits"] = ["Names"],
            ["Model"] = ["Traits", "Frequencies", "Names"],
            ["Comparisons"] = ["Model", "Traits", "Names", "Measures"],
            ["Lookup"] = ["Model"],
        },
        ["Matching"] = new()
        {
            ["Rules"] = [],
            ["Domain"] = ["Rules"],
            ["Storage"] = ["Domain"],
            ["Names"] = ["Storage", "Domain", "Rules"],
            ["Shadow"] = ["Storage", "Domain", "Rules"],
            ["Tasks"] = ["Storage", "Rules"],
            ["Lookup"] = ["Names", "Storage", "Domain", "Rules"],
            ["Decisions"] = ["Lookup", "Shadow", "Names", "Storage", "Domain", "Rules"],
            ["Encounters"] = ["Decisions", "Lookup", "Storage", "Domain"],
            ["Reviews"] = ["Decisions", "Lookup", "Storage", "Domain", "Rules"],
            ["NhsNumberChanges"] = ["Reviews", "Decisions", "Lookup", "Storage", "Domain", "Rules"],
            ["Plans"] = ["NhsNumberChanges", "Decisions", "Lookup", "Shadow", "Names", "Storage", "Domain", "Rules"],
        },
        ["Notification"] = new()
        {
            ["Domain"] = [],
            ["Storage"] = ["Domain"],
            ["Delivery"] = ["Storage", "Domain"],
            ["Api"] = ["Delivery", "Storage", "Domain"],
            ["Consumers"] = ["Delivery", "Storage", "Domain"],
        },
        ["Portal"] = new()
        {
            ["Services"] = [],
            ["Storage"] = [],
            ["TagHelpers"] = [],
            ["Words"] = ["Services"],
            ["SignIn"] = ["Storage", "Services"],
            ["Practice"] = ["Services"],
            ["Pages"] = ["Practice", "SignIn", "Words", "TagHelpers", "Services"],
        },
        ["MatchFiles"] = new() { ["Estimation"] = [] },
        ["Demo"] = new()
        {
            ["People"] = [],
            ["Receiver"] = [],
            ["Story"] = ["Receiver"],
        },
        ["Cli"] = new()
        {
            ["Clients"] = [],
            ["Hl7v2"] = [],
            ["Listen"] = [],
            ["Ods"] = [],
            ["Prove"] = [],
            ["Replay"] = [],
            ["Review"] = [],
            ["Sessions"] = [],
            ["SubjectAccess"] = [],
            ["Setup"] = ["Clients"],
            ["Audit"] = ["Setup"],
            ["Run"] = ["Setup"],
            ["Backups"] = ["Run", "Setup"],
            ["Status"] = ["Run", "Setup"],
        },
    };

    private static IEnumerable<Use> ReadUses()
    {
        var files = Source_files
            .Sources()
            .Where(file => !file.Path.StartsWith("tests", Exactly))
            .Select(file => (file.Path, file.Text, Namespace: Declared().Match(file.Text).Groups[1].Value))
            .Where(file => file.Namespace.Length > 0)
            .Select(file => new Source(
                file.Path,
                file.Namespace,
                IsTableOfContents(file.Path) ? file.Path : file.Namespace,
                Using().Matches(file.Text).Select(match => match.Groups[1].Value),
                [.. Type().Matches(file.Text).Select(match => match.Groups[1].Value)],
                Aside().Replace(file.Text, "")
            ))
            .ToList();
        var types = files
            .SelectMany(file => file.Types.Select(type => (file.Namespace, Type: type, file.Folder)))
            .DistinctBy(type => (type.Namespace, type.Type))
            .ToLookup(type => type.Namespace, type => (type.Type, type.Folder));
        return from file in files
            from used in Imported(file).Concat(Qualified(file)).Concat(Above(file))
            where used != file.Folder
            select new Use(file.Path, file.Folder, used);

        IEnumerable<string> Imported(Source file) =>
            file.Usings.Select(name => Prefixes(name).FirstOrDefault(types.Contains)).OfType<string>();

        IEnumerable<string> Qualified(Source file) =>
            from Match name in QualifiedName().Matches(file.Code)
            from outer in Prefixes(file.Namespace).Append("")
            let folder = $"{outer}.{name.Groups[1].Value}".TrimStart('.')
            from type in types[folder]
            where type.Type == name.Groups[2].Value
            select type.Folder;

        // A type of a nearer namespace hides one of the same name above it.
        IEnumerable<string> Above(Source file) =>
            Prefixes(file.Namespace)
                .SelectMany(outer => types[outer])
                .DistinctBy(type => type.Type)
                .Where(type => Regex.IsMatch(file.Code, $@"(?<![.\w]|\bdouble ){type.Type}\b"))
                .Select(type => type.Folder);
    }

    /// <summary>A.B.C, A.B, A.</summary>
    private static IEnumerable<string> Prefixes(string name)
    {
        for (; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
            yield return name;
    }

    // What a program begins with names all of its folders; it is a folder of its own here, which none of them may use.
    private static bool IsTableOfContents(string path) =>
        TableOfContents().IsMatch(Path.GetFileName(path))
        && Directory.GetFiles(Path.GetDirectoryName(Path.Combine(Repository.Root, path))!, "*.csproj").Length > 0;

    private static HashSet<string> Reach(ILookup<string, string> uses, string from)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(uses[from]);
        while (open.TryDequeue(out var next))
        {
            if (!reached.Add(next))
                continue;
            foreach (var further in uses[next])
                open.Enqueue(further);
        }

        return reached;
    }

    private sealed record Source(
        string Path,
        string Namespace,
        string Folder,
        IEnumerable<string> Usings,
        IReadOnlyList<string> Types,
        string Code
    );

    private sealed record Use(string Path, string Folder, string Used);

    [GeneratedRegex(@"^namespace Safeguarding\.([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?Safeguarding\.([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(
        @"^(?:[a-z]+ )*(?:class|record struct|record|struct|interface|enum|delegate \S+) (\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex Type();

    [GeneratedRegex(@"(?<![.\w])((?:[A-Z]\w*\.)*[A-Z]\w*)\.([A-Z]\w*)")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^(?:Routes|HubCli|\w+Registration)\.cs$")]
    private static partial Regex TableOfContents();

    // Texts, comments and usings.
    [GeneratedRegex("""\"{3}[\s\S]*?\"{3}|"(?:\\.|[^"\\\n])*"|//.*$|^using .*$""", RegexOptions.Multiline)]
    private static partial Regex Aside();
}
