using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Cli.Setup;

namespace Safeguarding.Cli.Tests;

/// <summary>The program behind <c>./hub</c>, asked without a hub.</summary>
public sealed class The_command_line : IDisposable
{
    // Made once: thirteen clients' keys take seconds.
    private static readonly Lazy<TemporaryFolder> Made = new(() =>
    {
        var folder = new TemporaryFolder();
        Environment.SetEnvironmentVariable("HUB_POSTGRES", "Host=127.0.0.1;Port=9;Username=postgres");
        MakeSecrets.Make(folder.Path, compose: false, _ => { });
        Environment.SetEnvironmentVariable("HUB_POSTGRES", null);
        return folder;
    });

    // A program of its own, whose text tools/hub-cli/write-help writes too.
    private const string MatchFiles = "match-files";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();

    public The_command_line()
    {
        foreach (var file in Directory.GetFiles(Made.Value.Path, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.Path, Path.GetRelativePath(Made.Value.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Environment.SetEnvironmentVariable("HUB_SECRETS_DIRECTORY", _folder.Path);
    }

    public static TheoryData<string> Texts =>
        [
            .. Directory
                .GetFiles(Repository.Texts, "*.txt")
                .Where(file => File.ReadAllText(file).Contains("USAGE:", StringComparison.Ordinal))
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Where(verb => verb != MatchFiles),
        ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task The_help_texts_are_what_it_says_itself(string verb)
    {
        var said = await AskAsync([.. verb.Split('.'), "--help"]);

        Assert.True(
            string.Join('\n', said.Output.Split('\n').Select(line => line.TrimEnd()))
                == File.ReadAllText(Path.Combine(Repository.Texts, $"{verb}.txt")),
            $"{verb}.txt is out of date: tools/hub-cli/write-help writes it"
        );
    }

    [Fact]
    public void Every_verb_has_a_help_text_and_every_text_fits_ordinary_terminals()
    {
        var texts = Directory
            .GetFiles(Repository.Texts)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .ToList();
        Assert.Equal(
            Verbs.All.Select(verb => verb == "help" ? "hub" : verb).Order(StringComparer.Ordinal),
            texts.Where(text => !text.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
        Assert.All(Directory.GetFiles(Repository.Texts), file =>
        {
            Assert.All(File.ReadLines(file), line => Assert.InRange(line.Length, 0, 86));
            Assert.Contains("EXIT CODES", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("prove --form 1h", "Did you mean --from?")]
    [InlineData("prove --from yesterday", "--from wants a time")]
    [InlineData("prove --from 1h --to 2h", "--to must be after --from")]
    [InlineData("proove", "Did you mean prove?")]
    [InlineData("status --wach", "Did you mean --watch?")]
    [InlineData("review --wrok", "Did you mean --work?")]
    [InlineData("review --client nosuch", "There is no client nosuch. There are: meadowbank-epr")]
    [InlineData("review --json --work", "one of them")]
    [InlineData("token nosuch", "There is no client nosuch.")]
    [InlineData("replay deliveries", "from")]
    [InlineData("replay deliveries --from 6h --expect 3", "--reason")]
    [InlineData("replay deliveries --from 6h --reason x", "--expect")]
    [InlineData("replay deliveries --from 6h --max many", "--max wants a number; it was \"many\".")]
    [InlineData("replay deliveries --from 6h --per-minute=few", "--per-minute wants a number")]
    [InlineData("replay parked nosuch --from 6h", "There is no service nosuch. There are: plan-registry")]
    [InlineData("replay stop 17", "17")]
    [InlineData("restore nosuch", "The name of a backup says when it was made")]
    [InlineData("restore hub-20261125T060000Z.database", "There is no file")]
    [InlineData("clients add x --organisation RX1 --scopes ops", "--new-key")]
    [InlineData("sessions end --reason x", "--person for all of one person")]
    [InlineData("sessions end 0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f --person a|b --reason x", "Give the id")]
    [InlineData("sessions end 0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f", "reason")]
    [InlineData("down --wipe all", "all")]
    [InlineData("subject-access --token nosuch", "Give a file with the NHS number, or --plan")]
    [InlineData("subject-access nosuch --plan CP-1 --token nosuch", "Give a file with the NHS number, or --plan")]
    [InlineData("subject-access nosuch --token nosuch", "nosuch cannot be read.")]
    [InlineData("subject-access /proc/self/comm --token nosuch", "does not hold an NHS number")]
    [InlineData("subject-access --plan CP-1 --token nosuch --releases /proc/self/comm", "must be a list")]
    [InlineData("subject-access --plan CP-1", "token")]
    [InlineData("ods load", "FILE")]
    [InlineData("ods load nosuch.xml", "There is no file nosuch.xml.")]
    [InlineData("listen northmoor-shell", "forward")]
    [InlineData("listen northmoor-shell --forward http://example.org/hooks", "http on this machine, or https")]
    [InlineData("listen northmoor-shell --forward hooks", "such as http://localhost:3000/hooks")]
    [InlineData("listen northmoor-shell --forward http://localhost:9/ --secret /proc/self/comm", "whsec_ and base64")]
    [InlineData("listen nosuch --forward http://localhost:9/", "There is no client nosuch.")]
    public async Task What_it_cannot_take_it_refuses_with_a_sentence(string words, string says)
    {
        var said = await AskAsync(words.Split(' '));

        Assert.Equal(ExitCode.Misused, said.Code);
        Assert.Contains(says, said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said.All, StringComparison.Ordinal);
    }

    /// <summary>What stands is not news, an acknowledgement no event, and a repeated version the same event.</summary>
    [Theory]
    [InlineData(204, "204")]
    [InlineData(503, "503")]
    public async Task Listening_forwards_each_new_version_signed_as_a_webhook(int answers, string says)
    {
        using var hub = new A_listening_hub(
            answers,
            [A_listening_hub.Alert("a1", 1, "raised")],
            [A_listening_hub.Alert("a1", 1, "raised"), A_listening_hub.Alert("a2", 1, "raised")],
            [A_listening_hub.Alert("a1", 2, "withdrawn")]
        );
        var secret = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        var file = Path.Combine(_folder.Path, "secret");
        await File.WriteAllTextAsync(file, secret + "\n", Cancelled);
        string[] words = ["listen", "northmoor-shell", "--forward", $"{hub.Address}hooks", "--secret", file];

        var said = await AskAsync([.. words, "--count", "2", "--json"]);

        Assert.Equal(0, said.Code);
        Assert.Equal(["a2-1", "a1-2"], hub.Received.Select(one => one.Id));
        Assert.All(hub.Received, one =>
            Assert.Equal(A_listening_hub.Signature(secret, one.Id, one.Timestamp, one.Body), one.Signature)
        );
        var last = JsonNode.Parse(hub.Received.Last().Body)!;
        Assert.Equal("uk.safeguarding-hub.alert.withdrawn.v1", (string?)last["type"]);
        Assert.Equal("""{"alertId":"a1","version":2,"councilCode":"E08999901"}""", last["data"]!.ToJsonString());
        Assert.Equal(["0", "1", "2"], hub.AskedAfter);
        Assert.All(said.Output.Trim().Split('\n'), line =>
            Assert.Equal(says, JsonNode.Parse(line)!["status"]!.ToJsonString())
        );
        Assert.DoesNotContain(secret, said.All, StringComparison.Ordinal);
        Assert.Contains("2 events forwarded", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_production_nobody_starts_what_lets_anybody_sign_in()
    {
        var state = Path.Combine(_folder.Path, "state");
        Environment.SetEnvironmentVariable("HUB_ENVIRONMENT", "Production");
        Environment.SetEnvironmentVariable("HUB_STATE_DIRECTORY", state);
        try
        {
            var said = await AskAsync(["up", "--development"]);

            Assert.Equal(ExitCode.Misused, said.Code);
            Assert.Contains("HUB_ENVIRONMENT is production", said.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(state));
        }
        finally
        {
            Environment.SetEnvironmentVariable("HUB_ENVIRONMENT", null);
            Environment.SetEnvironmentVariable("HUB_STATE_DIRECTORY", null);
        }
    }

    [Fact]
    public async Task A_hub_that_does_not_answer_needs_you_and_is_not_called_whole()
    {
        Environment.SetEnvironmentVariable("HUB_IDENTITY_URL", "http://127.0.0.1:9");
        try
        {
            var (status, prove) = (await AskAsync(["status"]), await AskAsync(["prove"]));

            Assert.Equal(ExitCode.NeedsYou, status.Code);
            Assert.Contains("NEEDS YOU: identity: no answer", status.Output, StringComparison.Ordinal);
            Assert.Equal(ExitCode.CouldNotCheck, prove.Code);
            Assert.Contains("Nothing is proved", prove.Error, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HUB_IDENTITY_URL", null);
        }
    }

    [Theory]
    [InlineData("clients")]
    [InlineData("secret")]
    [InlineData("status")]
    public async Task Listings_fit_80_columns_and_are_JSON_for_programs(string verb)
    {
        var (table, json) = (await AskAsync([verb]), await AskAsync([verb, "--json"]));

        Assert.All(table.Output.Split('\n').Where(line => !line.StartsWith("NEEDS", StringComparison.Ordinal)), line =>
            Assert.InRange(line.Length, 0, 80)
        );
        Assert.DoesNotContain("\e[", table.Output, StringComparison.Ordinal);
        JsonDocument.Parse(json.Output).Dispose();
        Assert.DoesNotContain(
            File.ReadAllText(Path.Combine(_folder.Path, KeyRings.PathOf("matching"))),
            json.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_new_client_gets_a_key_pair_of_which_the_hub_keeps_the_public_half()
    {
        var file = Path.Combine(_folder.Path, "rx1.pem");
        string[] order =
        [
            "clients",
            "add",
            "rx1-epr",
            "--organisation",
            "RX1",
            "--scopes",
            "encounter.submit,site.write",
            "--new-key",
            file,
            "--kid",
            "rx1-1",
        ];

        var added = await AskAsync(order);
        var again = await AskAsync([.. order[..2], "rx1-other", .. order[3..]]);
        var byHand = await AskAsync(["clients", "add", "rx1-handed", .. order[3..7], "--key", file, "--kid", "rx1-2"]);
        var publicHalf = await AskAsync([
            "clients",
            "add",
            "rx1-handed",
            .. order[3..7],
            "--key",
            $"{file}.pub",
            "--kid",
            "rx1-2",
        ]);

        Assert.True(added.Code == 0, added.Error);
        using var held = RSA.Create();
        held.ImportFromPem(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var registered = Client("rx1-epr")["jwks"]!["keys"]![0]!;
        Assert.Equal(
            System.Buffers.Text.Base64Url.EncodeToString(held.ExportParameters(false).Modulus),
            (string?)registered["n"]
        );
        Assert.Null(registered["d"]);
        Assert.Equal((1, 1), (again.Code, byHand.Code));
        Assert.Contains("never overwritten", again.Error, StringComparison.Ordinal);
        Assert.Contains("private key", byHand.Error, StringComparison.Ordinal);
        Assert.Equal(0, publicHalf.Code);
    }

    [Theory]
    [InlineData("E10000006", "Use E06000063 (Cumberland Council) or E06000064 (Westmorland and Furness Council).")]
    [InlineData("E08000019", "E08000019 is a former code of Sheffield City Council. Use E08000039.")]
    [InlineData("E07000123", "E07000123 is a district, which has no children's services.")]
    [InlineData("E09000012", "")]
    public async Task A_code_that_no_council_goes_by_any_more_is_said_with_the_one_to_use(string code, string says)
    {
        var key = Path.Combine(_folder.Path, $"{code}.pem");
        string[] words = ["clients", "add", code, "--organisation", code, "--scopes", "plan.read"];

        var said = await AskAsync([.. words, "--new-key", key, "--kid", "1"]);

        Assert.Equal(ExitCode.Well, said.Code);
        Assert.Contains(says, said.Error, StringComparison.Ordinal);
        Assert.Equal(says.Length > 0, said.Error.Contains("WARNING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_of_ods_is_sent_as_it_is_downloaded_and_its_refusal_names_the_line()
    {
        using var hub = new A_loading_hub();
        var (plain, packed) = (Path.Combine(_folder.Path, "ods.xml"), Path.Combine(_folder.Path, "ods.zip"));
        await File.WriteAllTextAsync(plain, "<OrgRefData/>", Cancelled);
        await File.WriteAllBytesAsync(
            packed,
            Zip(
                ("archive.zip", Zip(("old.xml", "<Old/>"u8.ToArray()))),
                ("fullfile.zip", Zip(("new.xml", "<New/>"u8.ToArray())))
            ),
            Cancelled
        );

        var loaded = await AskAsync(["ods", "load", plain]);
        var json = await AskAsync(["ods", "load", packed, "--json"]);
        hub.Refuses = true;
        var refused = await AskAsync(["ods", "load", plain]);
        await File.WriteAllBytesAsync(packed, Zip(("read.me", [])), Cancelled);
        var empty = await AskAsync(["ods", "load", packed]);
        await File.WriteAllTextAsync(packed, "no zip", Cancelled);
        var broken = await AskAsync(["ods", "load", packed]);

        Assert.True(loaded.Code == ExitCode.Well, loaded.Error);
        Assert.Matches("trustSite +1,200", loaded.Output);
        Assert.Contains(
            "ODS of 2026-11-24: 1,200 of 300,000 records kept; 3 new",
            loaded.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(1200, (int)JsonNode.Parse(json.Output)!["kept"]!);
        Assert.Equal(["<OrgRefData/>", "<New/>", "<OrgRefData/>"], hub.Files);
        Assert.Equal(ExitCode.NeedsYou, refused.Code);
        Assert.Contains("REFUSED: The file was not loaded", refused.Error, StringComparison.Ordinal);
        Assert.Contains("line 7: The XML ends too early", refused.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Misused, ExitCode.Misused), (empty.Code, broken.Code));

        static byte[] Zip(params (string Name, byte[] Content)[] files)
        {
            using var bytes = new MemoryStream();
            using (var zip = new System.IO.Compression.ZipArchive(bytes, System.IO.Compression.ZipArchiveMode.Create))
            {
                foreach (var (name, content) in files)
                {
                    using var entry = zip.CreateEntry(name).Open();
                    entry.Write(content);
                }
            }

            return bytes.ToArray();
        }
    }

    [Fact]
    public async Task What_is_held_of_a_person_is_gathered_and_each_release_goes_where_it_belongs()
    {
        using var services = new AnsweringServices();
        var (person, token) = (Write("person", "9000000009\n"), Write("token", "a-persons-token\n"));
        var releases = Write(
            "releases",
            $$"""[ { "item": "{{AnsweringServices.ItemOf("matching")}}", "reason": "She knows who it was." } ]"""
        );

        var said = await AskAsync(["subject-access", person, "--token", token, "--releases", releases, "--json"]);

        Assert.True(said.Code == ExitCode.Well, said.Error);
        var export = JsonNode.Parse(said.Output)!;
        Assert.Equal(
            ["plan-registry", "matching", "notification"],
            export["parts"]!.AsArray().Select(part => (string?)part!["service"])
        );
        Assert.Equal(
            [AnsweringServices.ItemOf("plan-registry"), AnsweringServices.ItemOf("notification")],
            export["withheld"]!.AsArray().Select(item => (string?)item!["item"])
        );
        Assert.Contains("what matching withheld", said.Output, StringComparison.Ordinal);
        Assert.Contains("2 items are withheld", said.Error, StringComparison.Ordinal);
        Assert.Equal("9000000009", (string?)services.BodyTo("plan-registry")["nhsNumber"]);
        Assert.Equal(
            $$"""[{"id":"{{AnsweringServices.Plan}}","role":"child"}]""",
            services.BodyTo("notification")["plans"]!.ToJsonString()
        );
        Assert.Empty(services.BodyTo("notification")["releases"]!.AsArray());
        Assert.All(services.Sent, sent =>
            Assert.Equal(("/subject-access", "Bearer a-persons-token"), (sent.Address, sent.Token))
        );

        var file = Path.Combine(_folder.Path, "export.json");
        var written = await AskAsync(["subject-access", "--plan", "CP-1", "--token", token, "--out", file]);
        var again = await AskAsync(["subject-access", "--plan", "CP-1", "--token", token, "--out", file]);
        Assert.True(written.Code == ExitCode.Well, written.Error);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(3, JsonNode.Parse(await File.ReadAllTextAsync(file, Cancelled))!["withheld"]!.AsArray().Count);
        Assert.Equal(ExitCode.Misused, again.Code);

        var unknown = await AskAsync(["subject-access", "--plan", "none", "--token", token]);
        Assert.Equal(ExitCode.NeedsYou, unknown.Code);
        Assert.Contains("no plan with this reference", unknown.Error, StringComparison.Ordinal);
        services.Stop("notification");
        var partly = await AskAsync(["subject-access", person, "--token", token]);
        Assert.Equal(ExitCode.NeedsYou, partly.Code);
        Assert.Contains("Not complete: notification did not answer.", partly.Error, StringComparison.Ordinal);
        Assert.Contains("withheld (location)", partly.Output, StringComparison.Ordinal);
        services.Stop("plan-registry");
        Assert.Equal(ExitCode.NotRunning, (await AskAsync(["subject-access", person, "--token", token])).Code);

        string Write(string name, string text)
        {
            var path = Path.Combine(_folder.Path, name);
            File.WriteAllText(path, text);
            return path;
        }
    }

    [Fact]
    public void The_hubs_own_client_that_had_a_secret_signs_after_an_upgrade_and_nobody_elses_changes()
    {
        var (register, credentials) = (
            Path.Combine(_folder.Path, "register/clients.json"),
            Path.Combine(_folder.Path, "credentials/credentials.json")
        );
        foreach (var file in (string[])[register, credentials])
        {
            var clients = JsonNode.Parse(File.ReadAllText(file))!;
            var ours = clients["clients"]!
                .AsArray()
                .Single(client => (string?)client!["id"] == "hub-operations")!
                .AsObject();
            foreach (var name in (string[])["jwks", "privateKey", "kid"])
                ours.Remove(name);
            ours["secret"] = "0123456789abcdef0123456789abcdef";
            File.WriteAllText(file, clients.ToJsonString());
        }

        var before = Client("meadowbank-epr").ToJsonString();
        MakeSecrets.Make(_folder.Path, compose: false, _ => { });

        Assert.NotNull(Client("hub-operations")["jwks"]);
        Assert.Null(Client("hub-operations")["secret"]);
        Assert.NotNull(HubClient.Find(HubClient.Credentials(credentials), "hub-operations")["privateKey"]);
        Assert.Equal(before, Client("meadowbank-epr").ToJsonString());
    }

    [Fact]
    public void Made_up_councils_of_the_release_before_are_given_the_scope_of_their_rules()
    {
        var register = Path.Combine(_folder.Path, "register/clients.json");
        var text = File.ReadAllText(register);
        var before = JsonNode.Parse(text)!;
        foreach (var client in before["clients"]!.AsArray())
        {
            // The portal's has none.
            var scopes = client!["scopes"]?.AsArray();
            if (scopes?.FirstOrDefault(scope => (string?)scope == "rules.write") is { } rules)
                scopes.Remove(rules);
        }

        File.WriteAllText(register, before.ToJsonString());

        MakeSecrets.Make(_folder.Path, compose: false, _ => { });

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse(File.ReadAllText(register))));
    }

    [Fact]
    public async Task Made_up_trusts_of_the_release_before_lose_the_scope_that_identity_no_longer_takes()
    {
        var register = Path.Combine(_folder.Path, "register/clients.json");
        var clients = JsonNode.Parse(File.ReadAllText(register))!;
        foreach (var trust in (string[])["meadowbank-epr", "meadowbank-shell", "harbourside-epr"])
        {
            clients["clients"]!.AsArray().Single(client => (string?)client!["id"] == trust)!["scopes"]!
                .AsArray()
                .Add("plan.read");
        }

        await File.WriteAllTextAsync(register, clients.ToJsonString(), TestContext.Current.CancellationToken);
        var refused = await AskAsync(["clients", "disable", "meadowbank-epr"]);
        Assert.Contains("is for councils", refused.Error, StringComparison.Ordinal);

        MakeSecrets.Make(_folder.Path, compose: false, _ => { });

        Assert.Equal(0, (await AskAsync(["clients", "disable", "meadowbank-epr"])).Code);
        Assert.Equal("""["encounter.submit","site.write"]""", Client("harbourside-epr")["scopes"]!.ToJsonString());
        Assert.Contains("plan.read", Client("northmoor-shell")["scopes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_is_safe_unless_it_is_asked_otherwise_and_images_carry_the_version()
    {
        var compose = Repository.Read("docker-compose.yml");
        var version = System
            .Text.RegularExpressions.Regex.Match(Repository.Read("Directory.Build.props"), "<Version>(.*)</Version>")
            .Groups[1]
            .Value;

        Assert.Contains(
            "Identity__AllowClientSecrets: ${HUB_ALLOW_CLIENT_SECRETS:-false}",
            compose,
            StringComparison.Ordinal
        );
        Assert.Contains("Webhooks__AllowHttp: ${HUB_WEBHOOKS_ALLOW_LOCAL:-false}", compose, StringComparison.Ordinal);
        Assert.All(
            compose.Split('\n').Where(line => line.Contains("image: safeguarding-hub/", StringComparison.Ordinal)),
            line => Assert.EndsWith($":${{HUB_VERSION:-{version}}}", line, StringComparison.Ordinal)
        );
        Assert.All(compose.Split('\n').Where(line => line.Contains("ports: [", StringComparison.Ordinal)), line =>
            Assert.Matches(@"\$\{HUB_BIND:-127\.0\.0\.1\}:\$\{HUB_[A-Z_]+_PORT:-(\d+)\}:\1""", line)
        );
    }

    [Fact]
    public void By_TLS_nobody_in_compose_listens_or_calls_in_plain_text()
    {
        var (plain, tls) = (Repository.Read("docker-compose.yml"), Repository.Read("docker-compose.tls.yml"));
        var calls = System.Text.RegularExpressions.Regex.Matches(plain, @"(\w+: )http(://(?!demo:)[a-z-]+:\d+.*)");
        var ports = System.Text.RegularExpressions.Regex.Matches(plain, @"ASPNETCORE_HTTP_PORTS: ""(\d+)""");

        Assert.NotEmpty(calls);
        Assert.All(calls, call =>
            Assert.Contains($"{call.Groups[1]}https{call.Groups[2]}", tls, StringComparison.Ordinal)
        );
        Assert.Equal(6, ports.Count);
        Assert.All(ports, port => Assert.Contains($"URLS: https://*:{port.Groups[1]};", tls, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HUB_SECRETS_DIRECTORY", null);
        _folder.Dispose();
    }

    private JsonNode Client(string id) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "register/clients.json")))!["clients"]!
            .AsArray()
            .Single(client => (string?)client!["id"] == id)!;

    private static async Task<Said> AskAsync(string[] words)
    {
        using StringWriter output = new(),
            error = new();
        var code = await HubCli.RunAsync(words, new Terminal(TextReader.Null, output, error, TimeProvider.System));
        return new Said(code, output.ToString(), error.ToString());
    }
}
