using System.Reflection;
using System.Text.RegularExpressions;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>What is held of the sources as text.</summary>
public sealed partial class Source_files
{
    private const int Columns = 120;
    private const int MostWords = 16;
    private const int MostFilesOpened = 60;
    private const StringComparison Exactly = StringComparison.Ordinal;

    [Fact]
    public void No_line_of_code_is_longer_than_120_columns()
    {
        var tooLong = Sources().SelectMany(file => LongLines(file.Path, file.Text)).ToList();
        Assert.True(tooLong.Count == 0, string.Join('\n', tooLong));
    }

    [Fact]
    public void A_test_is_named_in_at_most_16_words()
    {
        var tooLong =
            from file in Sources()
            where file.Path.StartsWith("tests", StringComparison.Ordinal)
            from Match name in TestName().Matches(file.Text)
            where name.Groups[1].Value.Count(letter => letter == '_') >= MostWords
            select name.Groups[1].Value;
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Every_link_in_the_documents_leads_somewhere()
    {
        var broken =
            from page in Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            where
                !page.Split(Path.DirectorySeparatorChar)
                    .Any(part => part is "node_modules" or "bin" or "obj" or "artifacts")
            from Match link in Link().Matches(File.ReadAllText(page))
            let target = link.Groups[1].Value
            let full = Path.GetFullPath(target, Path.GetDirectoryName(page)!)
            where !target.Contains(':', StringComparison.Ordinal) && !Path.Exists(full)
            select $"{Path.GetRelativePath(Repository.Root, page)}: {target}";
        Assert.Empty(broken);
    }

    [Fact]
    public void The_walk_from_POST_to_webhook_opens_at_most_60_files_that_exist()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/architecture.md"));
        var walk = page[page.IndexOf("## From POST to webhook", Exactly)..];
        var files = Link()
            .Matches(walk)
            .Select(link => link.Groups[1].Value)
            .Where(target => target.EndsWith(".cs", Exactly))
            .ToList();

        Assert.Equal(files.Distinct(), files);
        Assert.InRange(files.Count, 40, MostFilesOpened);
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", file)), file));
    }

    [Fact]
    public void A_decision_begins_with_what_was_decided_and_ends_with_when_to_think_again()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository.Root, "docs/decisions"), "0*.md");
        Assert.NotEmpty(pages);
        Assert.All(pages, page =>
        {
            var paragraphs = File.ReadAllText(page).Trim().Split("\n\n");
            Assert.StartsWith("**Decided.**", paragraphs[1], Exactly);
            Assert.StartsWith("**Think again**", paragraphs[^1], Exactly);
        });
    }

    [Theory]
    [InlineData("services/plan-registry")]
    [InlineData("services/encounter-ingest")]
    [InlineData("services/matching")]
    [InlineData("services/notification")]
    [InlineData("services/portal")]
    [InlineData("infra/identity")]
    public void Each_program_has_a_launch_profile(string folder) =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, folder, "Properties/launchSettings.json")));

    /// <summary>What is stored was sealed under these names: a type may move, its name here may not change.</summary>
    [Fact]
    public void What_is_sealed_keeps_the_name_that_it_was_sealed_under_first()
    {
        string[] names =
        [
            "Safeguarding.Contracts.Encounters.Place",
            "Safeguarding.Contracts.Persons.PersonIdentifier",
            "Safeguarding.Contracts.Persons.PersonTraits",
            "Safeguarding.EncounterIngest.Fhir.EncounterParticulars",
            "Safeguarding.Matching.Numbers.ChangedNumbers",
            "Safeguarding.Matching.Numbers.OtherNumbers",
            "Safeguarding.Notification.Channels.CouncilHeaders",
            "Safeguarding.Notification.Deliveries.WebhookBody",
            "Safeguarding.Notification.Noise.AttendedSite",
            "Safeguarding.Notification.Subscriptions.SigningSecret",
            "Safeguarding.PlanRegistry.Domain.Uploads.SentLine",
        ];

        var types = Architecture
            .Services.Append(typeof(NhsNumber).Assembly)
            .SelectMany(assembly => assembly.GetTypes())
            .ToLookup(type => type.Name);
        var found =
            from file in Sources()
            where !file.Path.StartsWith("tests", Exactly)
            from Match value in SealedValue().Matches(file.Text)
            let name = value.Groups[1].Value
            where name != "T"
            from type in types[name]
            select Sealer.NameOf(type);

        Assert.Equal(names, found.Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>CONTRIBUTING says so: to follow an event, search <c>new X(</c> and <c>IConsumer&lt;X&gt;</c>.</summary>
    [Fact]
    public void An_event_is_made_by_its_sender_alone_and_consumed_by_its_listeners_alone()
    {
        var services = Sources()
            .Where(file => file.Path.StartsWith("services", StringComparison.Ordinal))
            .Select(file => (Service: file.Path.Split(Path.DirectorySeparatorChar)[1], file.Text))
            .ToList();
        Assert.All(
            typeof(NhsNumber).Assembly.GetExportedTypes().Where(type => type.IsDefined(typeof(EventAttribute))),
            type =>
            {
                var catalogue = type.GetCustomAttribute<EventAttribute>()!;
                Assert.Equal((string[])[catalogue.Sender], Naming($"new {type.Name}("));
                Assert.Equal(
                    catalogue.Listeners.Order(StringComparer.Ordinal),
                    Naming($"IConsumer<{type.Name}>").Order(StringComparer.Ordinal)
                );
            }
        );

        IEnumerable<string> Naming(string text) =>
            services
                .Where(file => file.Text.Contains(text, StringComparison.Ordinal))
                .Select(file => file.Service)
                .Distinct();
    }

    // Text that a program prints or reads may be longer: breaking it would make it harder to search for.
    private static IEnumerable<string> LongLines(string path, string text)
    {
        var raw = false;
        foreach (var (number, line) in text.Split('\n').Index())
        {
            var isText = raw || line.Contains('"', StringComparison.Ordinal);
            if (line.Split("\"\"\"").Length % 2 == 0)
                raw = !raw;
            if (line.Length > Columns && !isText)
                yield return $"{path}:{number + 1}: {line.Length} columns";
        }
    }

    internal static IEnumerable<(string Path, string Text)> Sources()
    {
        string[] folders = ["contracts", "infra", "services", "tests", "tools"];
        return from folder in folders
            from file in Directory.EnumerateFiles(
                Path.Combine(Repository.Root, folder),
                "*.cs",
                SearchOption.AllDirectories
            )
            let path = Path.GetRelativePath(Repository.Root, file)
            let parts = path.Split(Path.DirectorySeparatorChar)
            where !parts.Contains("obj") && !parts.Contains("bin") && !parts.Contains("Migrations")
            select (path, File.ReadAllText(file));
    }

    [GeneratedRegex(@"Sealed<(?:\w+\.)*(\w+)>")]
    private static partial Regex SealedValue();

    [GeneratedRegex(@"public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")]
    private static partial Regex Link();
}
