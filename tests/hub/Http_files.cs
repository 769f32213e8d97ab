using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Safeguarding.Cli;
using Safeguarding.Cli.Setup;
using Safeguarding.TestKit;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// The <c>.http</c> files beside the services, run as they are and from top to bottom, as an editor would
/// after <c>./hub demo</c>.
/// </summary>
public sealed partial class Http_files(HubServers servers) : IDisposable
{
    private readonly string _secrets = Directory.CreateTempSubdirectory("http-files-").FullName;

    [Fact]
    public async Task Each_request_of_each_file_is_answered_as_its_title_says()
    {
        await using var hub = await HubUnderTest.StartAsync(servers);
        MakeSecrets.Make(_secrets, compose: false, _ => { });
        var clients = HubClient.Credentials(Path.Combine(_secrets, "credentials/credentials.json"));
        await RaiseAlertsAsync(hub);

        var wrong = new List<string>();
        foreach (var service in (string[])["plan-registry", "encounter-ingest", "matching", "notification"])
            wrong.AddRange(await new HttpFile(hub, service, clients).RunAsync());

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    public void Dispose() => Directory.Delete(_secrets, recursive: true);

    // As the demo leaves it: two alerts that nobody has answered.
    private static async Task RaiseAlertsAsync(HubUnderTest hub)
    {
        using var epr = hub.Client(hub.EncounterIngest, HubUnderTest.Trust, "encounter.submit");
        for (var child = 0; child < 2; child++)
        {
            var traits = Synthetic.AChild();
            await hub.PutPlanAsync(HubUnderTest.Council, $"plan-{child}", traits);
            (
                await epr.PostAsync("/fhir/Encounter", HubUnderTest.Encounter(traits, $"visit-{child}"))
            ).EnsureSuccessStatusCode();
        }

        await Eventually.UntilAsync(() => hub.AlertsAsync(HubUnderTest.Council), alerts => alerts.Count == 2);
    }

    private sealed partial class HttpFile(HubUnderTest hub, string service, JsonArray clients)
    {
        private readonly string _folder = Path.Combine(Repository.Root, "services", service);
        private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (JsonNode? Body, Uri? Location)> _answers = new(StringComparer.Ordinal);
        private readonly List<string> _wrong = [];

        public async Task<IReadOnlyList<string>> RunAsync()
        {
            var text = await File.ReadAllTextAsync(Path.Combine(_folder, $"{service}.http"));
            var parts = Regex.Split(text, "(?m)^###");
            foreach (Match variable in Variable().Matches(parts[0]))
                _variables[variable.Groups[1].Value] = variable.Groups[2].Value.Trim();
            foreach (var part in parts.Skip(1))
                await SendAsync(part);
            Assert.True(parts.Length > 5, $"{service}.http has {parts.Length - 1} requests");
            return _wrong;
        }

        private async Task SendAsync(string part)
        {
            var lines = part.ReplaceLineEndings("\n").Split('\n');
            var title = lines[0].Trim();
            var name = lines.Select(line => Name().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;
            var rest = lines.Skip(1).SkipWhile(line => line.Length == 0 || line.StartsWith('#')).ToList();
            var blank = rest.IndexOf("");
            var (head, body) = blank < 0 ? (rest, "") : (rest[..blank], string.Join('\n', rest[(blank + 1)..]).Trim());
            var (method, address) = head[0].Split(' ', 2) is [var first, var second]
                ? (first, second)
                : throw new FormatException(title);
            if (body.StartsWith("< ", StringComparison.Ordinal))
                body = await File.ReadAllTextAsync(Path.Combine(_folder, body[2..]));
            else
                body = Fill(body);
            if (address.EndsWith("/connect/token", StringComparison.Ordinal))
            {
                _answers[name!] = (new JsonObject { ["access_token"] = Token(body) }, null);
                return;
            }

            using var request = new HttpRequestMessage(new HttpMethod(method), Here(Fill(address)));
            if (body.Length > 0)
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            foreach (var header in head.Skip(1).Select(line => line.Split(": ", 2)))
            {
                if (header[0] == "Content-Type")
                    request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(header[1]);
                else
                    request.Headers.Add(header[0], Fill(header[1]));
            }

            using var http = new HttpClient();
            using var answer = await http.SendAsync(request);
            var said = await answer.Content.ReadAsStringAsync();
            if (name is not null)
            {
                _answers[name] = (
                    said.StartsWith('{') ? JsonNode.Parse(said) : null,
                    answer.Headers.Location is { } location ? new Uri(request.RequestUri!, location) : null
                );
            }

            var also = Status()
                .Matches(Regex.Match(title, @"\((.*)\)$").Value)
                .Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture));
            if (!answer.IsSuccessStatusCode && !also.Contains((int)answer.StatusCode))
            {
                _wrong.Add(
                    $"{service}.http, {title}: {(int)answer.StatusCode} to {method} "
                        + $"{request.RequestUri!.PathAndQuery}\n{said}"
                );
            }
        }

        private string Token(string form)
        {
            var id = Regex.Match(form, "client_id=([a-z-]+)").Groups[1].Value;
            var client = HubClient.Find(clients, id);
            Assert.Equal((string?)client["secret"], Regex.Match(form, "client_secret=(.*)$").Groups[1].Value);
            return hub.Surroundings.Servers.Issuer.Token(
                (string)client["organisation"]!,
                [.. client["scopes"]!.AsArray().Select(scope => (string)scope!)]
            );
        }

        private string Fill(string text) => Placeholder().Replace(text, match => Value(match.Groups[1].Value));

        private string Value(string what)
        {
            if (_variables.TryGetValue(what, out var value))
                return Fill(value);
            if (what.StartsWith("$dotenv ", StringComparison.Ordinal))
            {
                var id = what["$dotenv ".Length..].ToLowerInvariant().Replace('_', '-');
                return (string)HubClient.Find(clients, id)["secret"]!;
            }

            if (what.StartsWith("$timestamp", StringComparison.Ordinal))
            {
                return (
                    TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()
                    + (what.EndsWith(" 1 s", StringComparison.Ordinal) ? 1 : 0)
                ).ToString(CultureInfo.InvariantCulture);
            }

            if (what.Split(".response.") is not [var name, var path] || !_answers.TryGetValue(name, out var answer))
                throw new FormatException($"{{{{{what}}}}} in {service}.http");
            if (path == "headers.Location")
                return answer.Location!.ToString();
            var node = answer.Body;
            foreach (Match step in Step().Matches(path["body.$".Length..]))
            {
                node =
                    step.Groups[1].Success ? (node as JsonObject)?[step.Groups[1].Value]
                    : node is JsonArray array
                    && int.Parse(step.Groups[2].Value, CultureInfo.InvariantCulture) is var at
                    && at < array.Count
                        ? array[at]
                    : null;
            }

            return node?.ToString() ?? "00000000-0000-0000-0000-000000000000";
        }

        // The files know a hub on its usual ports.
        private Uri Here(string address) =>
            new(
                Address()
                    .Replace(address, match => (
                            match.Groups[1].Value switch
                            {
                                "8101" => hub.PlanRegistry,
                                "8102" => hub.EncounterIngest,
                                "8103" => hub.Matching,
                                _ => hub.Notification,
                            }
                        )
                            .Address.ToString()
                            .TrimEnd('/'))
            );

        [GeneratedRegex(@"(?m)^@(\w+) *= *(.*)$")]
        private static partial Regex Variable();

        [GeneratedRegex(@"^# @name (\w+)")]
        private static partial Regex Name();

        [GeneratedRegex(@"\{\{([^}]+)\}\}")]
        private static partial Regex Placeholder();

        [GeneratedRegex(@"\.(\w+)|\[(\d+)\]")]
        private static partial Regex Step();

        [GeneratedRegex(@"\b[245]\d\d\b")]
        private static partial Regex Status();

        [GeneratedRegex(@"^http://localhost:(810[1-4])")]
        private static partial Regex Address();
    }
}
