using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using PublicApiGenerator;
using Safeguarding.Messaging;

namespace Safeguarding.Contracts.Tests;

/// <summary>Guards what other versions of the services, and other people's programs, rely on.</summary>
public sealed class Wire_format
{
    private static readonly Assembly Contracts = typeof(NhsNumber).Assembly;

    public static TheoryData<string> Events => [.. EventTypes.Select(type => type.FullName!)];

    private static IEnumerable<Type> EventTypes =>
        Contracts.GetExportedTypes().Where(type => type.IsDefined(typeof(EventAttribute)));

    [Fact]
    public void The_public_surface_changes_only_on_purpose()
    {
        var actual = Contracts
            .GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n")
            .Trim();
        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Safeguarding.Contracts.approved.txt"))
            .ReplaceLineEndings("\n")
            .Trim();
        var received = Path.Combine(AppContext.BaseDirectory, "Safeguarding.Contracts.received.txt");
        if (actual != approved)
            File.WriteAllText(received, actual + "\n");

        Assert.True(
            actual == approved,
            $"The contracts' surface changed. If it is meant: copy {received} over "
                + "tests/contracts/Safeguarding.Contracts.approved.txt and note it in contracts/CHANGELOG.md."
        );
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void A_stored_sample_of_every_event_still_reads_and_writes_the_same(string eventType)
    {
        var type = Contracts.GetType(eventType)!;
        var path = Path.Combine(AppContext.BaseDirectory, "Samples", $"{type.Name}.json");
        Assert.True(
            File.Exists(path),
            $"tests/contracts/Samples/{type.Name}.json is missing: a sample of every event keeps old messages readable."
        );
        var stored = JsonDocument.Parse(File.ReadAllText(path));

        var read = stored.Deserialize(type, HubJson.Options);

        var written = JsonSerializer.SerializeToElement(read, type, HubJson.Options);
        Assert.True(
            JsonElement.DeepEquals(stored.RootElement, written),
            $"{type.Name} is written differently: {written}"
        );
    }

    [Fact]
    public void A_match_from_a_sender_before_its_reasons_is_read_without_them()
    {
        var stored = JsonNode.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", "EncounterMatched.json"))
        )!;
        stored.AsObject().Remove("why");
        stored.AsObject().Remove("decidedBy");

        var match = stored.Deserialize<Matches.EncounterMatched>(HubJson.Options)!;

        Assert.Equal((null, null, 0.9999), (match.Why, match.DecidedBy, match.Certainty));
    }

    [Fact]
    public void Events_are_sealed_records_with_a_sender_and_listeners_and_the_contracts_need_no_package()
    {
        Assert.All(EventTypes, type =>
        {
            Assert.True(type.IsSealed, type.FullName);
            Assert.NotNull(type.GetMethod("<Clone>$"));
            var catalogue = type.GetCustomAttribute<EventAttribute>()!;
            Assert.NotEmpty(catalogue.Listeners);
            Assert.DoesNotContain(catalogue.Sender, catalogue.Listeners);
        });
        Assert.All(Contracts.GetReferencedAssemblies(), reference =>
            Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void No_event_carries_personal_traits_or_a_place_unsealed()
    {
        Assert.All(EventTypes, type =>
            Assert.DoesNotContain(type.GetProperties(), property =>
                property.PropertyType.Namespace == "Safeguarding.Contracts.Persons"
                || property.PropertyType == typeof(NhsNumber)
                || property.PropertyType == typeof(Encounters.Place)
            )
        );
    }

    [Fact]
    public void The_message_catalogue_in_the_readme_is_what_the_code_says()
    {
        var rows = EventTypes
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type =>
            {
                var catalogue = type.GetCustomAttribute<EventAttribute>()!;
                return $"| `{type.FullName}` | {catalogue.Sender} | {string.Join(", ", catalogue.Listeners)} |";
            });
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "contracts-README.md"));
        Assert.All(rows, row => Assert.Contains(row, readme, StringComparison.Ordinal));
    }
}
