using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Safeguarding.Messaging.Outbox;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>What watches the hub names what the hub emits, and what it alarms of somebody can look up.</summary>
public sealed partial class Alarms_and_runbook
{
    private static readonly string Root = Repository.Root;
    private static readonly string Rules = File.ReadAllText(Path.Combine(Root, "infra/telemetry/alarms/rules.yaml"));
    private static readonly string Dashboard = File.ReadAllText(
        Path.Combine(Root, "infra/telemetry/dashboards/hub.json")
    );

    [Fact]
    public void Every_metric_that_an_alarm_or_a_dashboard_names_is_one_that_the_services_emit()
    {
        var emitted = Emitted();
        var named = Metric()
            .Matches(Rules)
            .Concat(Metric().Matches(Dashboard))
            .Select(match => match.Value)
            .Distinct()
            .Order()
            .ToList();

        Assert.True(named.Count > 10, $"{named.Count} metrics are named");
        Assert.Empty(named.Except(emitted));
    }

    [Fact]
    public void Every_alarm_has_its_page_and_every_page_its_alarm()
    {
        var alarms = Uid().Matches(Rules).Select(match => match.Groups[1].Value).Order().ToList();
        var folder = Path.Combine(Root, "docs/runbook");
        var pages = Directory
            .GetFiles(folder, "*.md")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(page => page != "README")
            .Order()
            .ToList();

        Assert.Equal(alarms, pages);
        var index = File.ReadAllText(Path.Combine(folder, "README.md"));
        Assert.All(pages, page =>
        {
            var text = File.ReadAllText(Path.Combine(folder, $"{page}.md"));
            Assert.All((string[])["**What it means.**", "**Look at.**", "**Do.**"], part =>
                Assert.Contains(part, text, StringComparison.Ordinal)
            );
            Assert.Contains($"({page}.md)", index, StringComparison.Ordinal);
            Assert.Contains($"runbook_url: $HUB_RUNBOOK_URL/{page}.md", Rules, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_service_that_stops_and_a_broker_that_takes_nothing_raise_their_alarm_within_two_minutes()
    {
        var every = Seconds("interval: ", Rules);
        var figures =
            int.Parse(
                Regex
                    .Match(
                        File.ReadAllText(Path.Combine(Root, "docker-compose.yml")),
                        "OTEL_METRIC_EXPORT_INTERVAL: \"([0-9]+)\""
                    )
                    .Groups[1]
                    .Value,
                CultureInfo.InvariantCulture
            ) / 1000;
        var measured = (int)MeasureBacklog.Pace.TotalSeconds;
        string silent = Rule("service-silent"),
            unsent = Rule("outbox-unsent");

        Assert.InRange(
            Regex
                .Matches(silent, @"\[([0-9]+)s\]")
                .Max(window => int.Parse(window.Groups[1].Value, CultureInfo.InvariantCulture))
                + Seconds("for: ", silent)
                + every,
            1,
            120
        );
        Assert.InRange(
            int.Parse(Regex.Match(unsent, "> ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture)
                + measured
                + figures
                + Seconds("for: ", unsent)
                + every,
            1,
            120
        );
    }

    [Fact]
    public void The_verbs_that_the_runbook_types_are_verbs_of_the_script()
    {
        var typed = Directory
            .GetFiles(Path.Combine(Root, "docs/runbook"), "*.md")
            .SelectMany(file => Verb().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .ToList();

        Assert.NotEmpty(typed);
        Assert.All(typed, verb =>
            Assert.True(File.Exists(Path.Combine(Root, "tools/hub-cli/help", $"{verb}.txt")), verb)
        );
    }

    [Fact]
    public void The_dashboard_is_JSON_with_a_query_in_each_panel() =>
        Assert.All(JsonDocument.Parse(Dashboard).RootElement.GetProperty("panels").EnumerateArray(), panel =>
            Assert.Contains(
                "hub_",
                panel.GetProperty("targets")[0].GetProperty("expr").GetString(),
                StringComparison.Ordinal
            )
        );

    private static string Rule(string uid) =>
        Regex.Match(Rules, $"uid: {uid}\\n(.*?)(?=- uid: |$)", RegexOptions.Singleline).Value;

    private static int Seconds(string key, string text) =>
        int.Parse(Regex.Match(text, $"{key}([0-9]+)s").Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>
    /// The names under which Prometheus shows the instruments: dots become underscores, seconds are named,
    /// counters end in total.
    /// </summary>
    private static HashSet<string> Emitted()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name != "Safeguarding.Hub")
                    return;
                var name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
                var kind = instrument.GetType().Name;
                if (kind.StartsWith("Counter", StringComparison.Ordinal))
                    names.Add($"{name}_total");
                else if (kind.StartsWith("Histogram", StringComparison.Ordinal))
                    names.UnionWith([$"{name}_bucket", $"{name}_sum", $"{name}_count"]);
                else
                    names.Add(name);
            },
        };
        listener.Start();
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "Safeguarding.*.dll"))
        {
            foreach (
                var type in Assembly
                    .LoadFrom(file)
                    .GetTypes()
                    .Where(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal))
            )
            {
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            }
        }

        return names;
    }

    [GeneratedRegex(@"\bhub_[a-z_]+\b")]
    private static partial Regex Metric();

    [GeneratedRegex(@"(?m)^      - uid: (\S+)$")]
    private static partial Regex Uid();

    [GeneratedRegex(@"\./hub ([a-z-]+)")]
    private static partial Regex Verb();
}
