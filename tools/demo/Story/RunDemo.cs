using System.Globalization;
using System.Text.Json.Nodes;
using Safeguarding.Cli;
using Safeguarding.Demo.Receiver;
using Spectre.Console.Cli;

namespace Safeguarding.Demo.Story;

/// <summary>
/// <c>story</c>: two councils load plans, a trust posts encounters, the alerts arrive. Everything goes through the
/// public routes, so what is seen is what any user gets. Fails if any part of the story does not come true.
/// </summary>
internal sealed class RunDemo(Terminal terminal) : AsyncCommand<RunDemo.Settings>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeProvider Clock = TimeProvider.System;
    private static readonly string[] Weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    private static readonly string[] GivenNames = ["Tobias"];
    private static readonly string[] BankHolidays = ["2026-12-25", "2026-12-28"];

    internal sealed class Settings : CommandSettings;

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await RunStoryAsync(HubAddresses.FromEnvironment());
            return ExitCode.Well;
        }
        catch (Exception exception) when (exception is CallFailedException or HttpRequestException)
        {
            terminal.Warn($"\nThe demo failed: {exception.Message}\nLook at ./hub status and ./hub logs.");
            return ExitCode.NeedsYou;
        }
    }

    private async Task RunStoryAsync(HubAddresses hub)
    {
        var run = Clock.GetUtcNow().ToUnixTimeSeconds();
        using var northmoor = await HubClient.ConnectAsync(hub, "northmoor-case-system");
        using var eastvale = await HubClient.ConnectAsync(hub, "eastvale-case-system");
        using var trust = await HubClient.ConnectAsync(hub, "meadowbank-epr");
        using var police = await HubClient.ConnectAsync(hub, "westhollow-police");
        await using var receiver = await WebhookReceiver.StartAsync(hub.Receiver.Port);

        Say("\n1. Two councils give their contacts, load their plans and subscribe");
        await PrepareAsync(
            hub,
            northmoor,
            "northmoor",
            "Northmoor Metropolitan Council",
            Registers.Northmoor,
            run,
            receiver
        );
        await PrepareAsync(hub, eastvale, "eastvale", "Eastvale Council", Registers.Eastvale, run, receiver);

        Say("\n2. A trust registers the site of its emergency department");
        (
            await trust.SendJsonAsync(
                HttpMethod.Put,
                hub.EncounterIngest,
                "/organisations/RZ1/sites/RZ101",
                new
                {
                    name = "Meadowbank General, Emergency Department",
                    setting = "emergencyDepartment",
                    phone = "01632 960001",
                }
            )
        ).Expect("registering a site", 200, 201);
        Say("   RZ101 Meadowbank General, Emergency Department");

        Say("\n3. Its EPR posts what happens there, child on a plan or not");
        DemoEncounter[] encounters =
        [
            new("a child on a protection plan", "9001000002", "Ashgrove", "Robyn", "2017-05-14", "female", "ZZ1 4AB"),
            new(
                "a looked-after child who moved house",
                "9001011179",
                "Okonkwo-Reed",
                "Tobias",
                "2012-09-30",
                "male",
                "ZZ8 1AA"
            ),
            new(
                "a child with plans of two councils",
                "9001033512",
                "Delacourt",
                "Idris",
                "2019-12-01",
                "male",
                "ZZ4 6PP"
            ),
            new(
                "the mother of an unborn child with a plan",
                "9001022340",
                "Fairhurst",
                "Leanne",
                "1998-07-08",
                "female",
                "ZZ3 1LM"
            ),
        ];
        var expected = new[] { 1, 1, 2, 1 };
        var posted = new List<(DemoEncounter Encounter, string Id, DateTimeOffset At, double AcceptedMs)>();
        for (var i = 0; i < encounters.Length; i++)
            posted.Add(await PostAsync(hub, trust, encounters[i], $"{run}-{i}", 201));

        var stranger = await PostAsync(
            hub,
            trust,
            new("a child on no plan", "9001067026", "Whitcombe", "Alfie", "2016-04-04", "male", "ZZ6 6ZZ"),
            $"{run}-stranger",
            201
        );
        var again = await PostAsync(
            hub,
            trust,
            encounters[0] with
            {
                Story = "the first one sent again, word for word",
            },
            $"{run}-0",
            200,
            posted[0].At
        );
        if (again.Id != posted[0].Id)
            throw new CallFailedException("the same encounter sent twice became two.");
        await RefusedAsync(hub, trust, run);

        Say("\n4. The councils are notified");
        var signals = await WaitAsync(
            receiver,
            posted.Select(p => p.Id).ToHashSet(),
            expected.Sum(),
            hub,
            northmoor,
            eastvale
        );
        foreach (var (encounter, id, at, acceptedMs) in posted)
        {
            foreach (var signal in signals.Where(s => s.EncounterId == id))
            {
                Say(
                    $"   {signal.Council, -10} {signal.Summary}\n              POST to webhook "
                        + $"{(signal.ArrivedAt - at).TotalMilliseconds, 6:F0} ms (POST answered after "
                        + $"{acceptedMs:F0} ms); reference {signal.References}"
                );
            }
        }

        if (signals.Any(s => s.EncounterId == stranger.Id))
            throw new CallFailedException("an alert was raised for the child on no plan.");
        if (receiver.Forged > 0)
            throw new CallFailedException("a webhook came whose signature does not verify.");
        Say(
            $"   {signals.Count} alerts, each signature verified; none for the child on no plan, and one for the "
                + "encounter that was sent twice"
        );

        await TakeBackAsync(hub, trust, posted[1].Encounter, $"{run}-1", receiver);
        await AcknowledgeAsync(hub, eastvale);
        await FailAndRecoverAsync(hub, trust, northmoor, $"{run}-fail", receiver);
        await MissingAndFoundAsync(hub, police, northmoor, $"43-{run}");
        SayHowToGoOn(posted[0].Id, hub.Portal, hub.Issuer.Scheme);
    }

    private async Task PrepareAsync(
        HubAddresses hub,
        HubClient council,
        string name,
        string title,
        string register,
        long run,
        WebhookReceiver receiver
    )
    {
        (
            await council.SendJsonAsync(
                HttpMethod.Put,
                hub.PlanRegistry,
                $"/councils/{council.Organisation}",
                new
                {
                    name = title,
                    officePhone = "01632 960100",
                    emergencyDutyPhone = "01632 960199",
                    officeHours = Weekdays.Select(day => new
                    {
                        day,
                        opens = "09:00",
                        closes = "17:00",
                    }),
                    bankHolidays = BankHolidays,
                }
            )
        ).Expect("putting a council", 200, 201);

        var upload = (
            await council.SendFileAsync(
                hub.PlanRegistry,
                $"/uploads?mode=changes&sequence={run.ToString(CultureInfo.InvariantCulture)}",
                "text/csv",
                register
            )
        ).Expect("uploading plans", 200, 201, 202);
        var result = await UntilAsync(
            "the upload to finish",
            () => council.GetAsync(hub.PlanRegistry, upload.Location!),
            answer => (string?)answer.Body?["state"] is "finished" or "failed" or "completed" or "done"
        );
        var counts = result.Body!["counts"]!;
        Say(
            $"   {title}: {counts["registered"]} plans registered, {counts["unchanged"]} unchanged, {counts["refused"]} refused ({result.Body["code"]})"
        );
        foreach (
            var line in (await council.GetAsync(hub.PlanRegistry, $"{upload.Location}/lines?outcome=refused")).Body?[
                "lines"
            ]?.AsArray() ?? []
        )
        {
            if ((string?)line!["code"] is { } code && code != "CPR06")
                Say($"     line {line["line"]}: {code} {line["words"]}");
        }

        // On a second run the subscription is there, and its secret is not shown again: it is rotated.
        var subscription = (
            await council.SendJsonAsync(
                HttpMethod.Put,
                hub.Notification,
                "/subscriptions/demo",
                new { url = new Uri(hub.Receiver, $"/{name}") }
            )
        ).Expect("subscribing", 200, 201);
        if (subscription.Status == 200)
        {
            subscription = (
                await council.SendJsonAsync(
                    HttpMethod.Post,
                    hub.Notification,
                    "/subscriptions/demo/rotate-secret",
                    new { overlapHours = 0 }
                )
            ).Expect("rotating the secret", 200);
        }

        receiver.Trust(name, (string)subscription.Body!["secret"]!, (string)subscription.Body["publicKey"]!);
    }

    private async Task<(DemoEncounter Encounter, string Id, DateTimeOffset At, double AcceptedMs)> PostAsync(
        HubAddresses hub,
        HubClient trust,
        DemoEncounter encounter,
        string identifier,
        int status,
        DateTimeOffset? writtenAt = null
    )
    {
        var at = Clock.GetUtcNow();
        var answer = (
            await trust.SendJsonAsync(
                HttpMethod.Post,
                hub.EncounterIngest,
                "/fhir/Encounter",
                encounter.ToFhir(identifier, writtenAt ?? at),
                "application/fhir+json"
            )
        ).Expect(encounter.Story, status);
        var took = (Clock.GetUtcNow() - at).TotalMilliseconds;
        var id = answer.Location!.Split("/Encounter/")[1].Split('/')[0];
        Say($"   {answer.Status} {encounter.Story}");
        return (encounter, id, writtenAt ?? at, took);
    }

    private async Task RefusedAsync(HubAddresses hub, HubClient trust, long run)
    {
        var wrong = new DemoEncounter(
            "a status that FHIR does not have",
            "9001000002",
            "Ashgrove",
            "Robyn",
            "2017-05-14",
            "female",
            "ZZ1 4AB",
            Status: "here"
        );
        var answer = (
            await trust.SendJsonAsync(
                HttpMethod.Post,
                hub.EncounterIngest,
                "/fhir/Encounter",
                wrong.ToFhir($"{run}-wrong", Clock.GetUtcNow()),
                "application/fhir+json"
            )
        ).Expect(wrong.Story, 400, 422);
        Say($"   {answer.Status} {wrong.Story}, refused with");
        Say(Indent(answer.Body!.ToJsonString(new() { WriteIndented = true }), 8));
    }

    private static async Task<List<Signal>> WaitAsync(
        WebhookReceiver receiver,
        HashSet<string> encounters,
        int count,
        HubAddresses hub,
        HubClient northmoor,
        HubClient eastvale
    )
    {
        var known = new Dictionary<string, Signal>(StringComparer.Ordinal);
        return await UntilAsync(
            $"{count} alerts to arrive",
            async () =>
            {
                var news = receiver.Deliveries.Where(d =>
                    !known.ContainsKey(d.Id) && d.Event["data"]?["alertId"] is not null
                );
                foreach (var delivery in news)
                {
                    // The webhook says only that there is news; the alert is read with the council's own token.
                    var alert = (
                        await (delivery.Council == "northmoor" ? northmoor : eastvale).GetAsync(
                            hub.Notification,
                            $"/alerts/{delivery.Event["data"]!["alertId"]}"
                        )
                    )
                        .Expect("reading an alert", 200)
                        .Body!;
                    known[delivery.Id] = new Signal(
                        delivery.Council,
                        (string?)alert["encounter"]?["id"] ?? "",
                        delivery.ArrivedAt,
                        (string)alert["summary"]!,
                        string.Join(", ", alert["plans"]!.AsArray().Select(plan => (string?)plan!["reference"]))
                    );
                }

                return known.Values.Where(signal => encounters.Contains(signal.EncounterId)).ToList();
            },
            signals => signals.Count >= count
        );
    }

    private async Task TakeBackAsync(
        HubAddresses hub,
        HubClient trust,
        DemoEncounter encounter,
        string identifier,
        WebhookReceiver receiver
    )
    {
        Say("\n5. The second encounter was entered in error: its alert is taken back");
        await PostAsync(
            hub,
            trust,
            encounter with
            {
                Story = "the second one again, status entered-in-error",
                Status = "entered-in-error",
            },
            identifier,
            200
        );
        var withdrawal = await UntilAsync(
            "the withdrawal to arrive",
            () =>
                Task.FromResult(
                    receiver.Deliveries.FirstOrDefault(d =>
                        ((string)d.Event["type"]!).Contains("withdrawn", StringComparison.Ordinal)
                    )
                ),
            delivery => delivery is not null
        );
        Say($"   {withdrawal!.Council, -10} {withdrawal.Event["type"]}");
    }

    private async Task AcknowledgeAsync(HubAddresses hub, HubClient eastvale)
    {
        Say("\n6. Eastvale's case system also takes its alerts from the feed, and a person acknowledges");
        var claim = (
            await eastvale.SendJsonAsync(
                HttpMethod.Post,
                hub.Notification,
                "/alerts/claim",
                new { max = 100, leaseSeconds = 60 }
            )
        ).Expect("claiming", 201);
        foreach (var alert in claim.Body!["alerts"]!.AsArray())
        {
            var standing = (
                await eastvale.SendJsonAsync(
                    HttpMethod.Post,
                    hub.Notification,
                    $"/alerts/{alert!["id"]}/acknowledge",
                    new { kind = "person", name = "duty social worker" }
                )
            ).Expect("acknowledging", 200);
            Say($"   alert {alert["id"]}: {standing.Body!["state"]}");
        }
    }

    private async Task FailAndRecoverAsync(
        HubAddresses hub,
        HubClient trust,
        HubClient northmoor,
        string identifier,
        WebhookReceiver receiver
    )
    {
        Say("\n7. Northmoor's endpoint answers 503 for a while; the alert waits for it");
        var known = receiver.Deliveries.Select(delivery => delivery.Id).ToHashSet();
        receiver.Behave("northmoor", Behaviour.Fail);
        await PostAsync(
            hub,
            trust,
            new(
                "a child on a protection plan, once more",
                "9001000002",
                "Ashgrove",
                "Robyn",
                "2017-05-14",
                "female",
                "ZZ1 4AB"
            ),
            identifier,
            201
        );
        var failing = await UntilAsync(
            "the endpoint to be marked as failing",
            () => northmoor.GetAsync(hub.Notification, "/subscriptions/demo"),
            answer => answer.Body?["failingSince"] is not null
        );
        Say(
            $"   GET /subscriptions/demo: failing since {failing.Body!["failingSince"]}, last outcome {failing.Body["endpoint"]!["lastOutcome"]}"
        );
        receiver.Behave("northmoor", Behaviour.Well);
        var delivered = await UntilAsync(
            "the alert to arrive after all",
            () =>
                Task.FromResult(
                    receiver.Deliveries.FirstOrDefault(delivery =>
                        delivery.Council == "northmoor" && !known.Contains(delivery.Id)
                    )
                ),
            delivery => delivery is not null
        );
        Say($"   {delivered!.Council, -10} {delivered.Event["type"]}, tried again under the same id");
    }

    private async Task MissingAndFoundAsync(HubAddresses hub, HubClient police, HubClient northmoor, string incident)
    {
        Say(
            "\n8. A police force in another area reports a looked-after child missing, by name and birth date, and finds the child"
        );
        foreach (var (state, words) in ((string, string)[])[("open", "missing"), ("ended", "found")])
        {
            (
                await police.SendJsonAsync(
                    HttpMethod.Post,
                    hub.EncounterIngest,
                    "/contacts",
                    new
                    {
                        @event = new
                        {
                            incidentNumber = incident,
                            kind = "missing",
                            state,
                            occurredAt = Clock.GetUtcNow().AddHours(-1),
                        },
                        unit = new { name = "Westhollow missing persons unit", phone = "01632 960017" },
                        person = new
                        {
                            names = new[] { new { familyName = "Okonkwo-Reed", givenNames = GivenNames } },
                            birthDate = "2012-09-30",
                            sex = "male",
                            postcodes = new[] { new { postcode = "ZZ1 7QD" } },
                        },
                    }
                )
            ).Expect("reporting a contact", 200, 201);
            var alert = await UntilAsync(
                $"the alert that the child is {words}",
                async () =>
                    (await northmoor.GetAsync(hub.Notification, "/alerts?plan=NM-102&limit=100")).Body!["alerts"]!
                        .AsArray()
                        .FirstOrDefault(alert =>
                            (string?)alert!["contact"]?["incidentNumber"] == incident
                            && ((string)alert["summary"]!).Contains(words, StringComparison.Ordinal)
                        ),
                alert => alert is not null
            );
            Say($"   {"northmoor", -10} {alert!["summary"]}");
        }

        Say("   The force is told nothing of it: its own answer is the same for every child.");
    }

    private void SayHowToGoOn(string encounterId, Uri portal, string scheme) =>
        Say(
            $$"""

            Look at it in a browser: {{portal}} Sign in as one of the made-up people, without a password:
              Edwin Farrow    duty worker of Northmoor: the alerts of this story, oldest first
              Asha Brindle    clinician of Meadowbank: look a child up, such as 900 100 0002
              Mabel Northcott control room of a police force: learns whom to ring, and no more

            Look further (the hub is up; ./hub down stops it):
              T=$(./hub token northmoor-case-system){{(
                scheme == "https" ? "; export CURL_CA_BUNDLE=$HUB_TLS_DIRECTORY/authority.pem" : ""
            )}}
              curl -s -H "Authorization: Bearer $T" {{scheme}}://localhost:8104/alerts
              curl -s -H "Authorization: Bearer $T" {{scheme}}://localhost:8103/matches/{{encounterId}}
              curl -s -H "Authorization: Bearer $T" {{scheme}}://localhost:8101/plans/NM-101
              curl -s {{scheme}}://localhost:8102/fhir/metadata
              ./hub status
            """
        );

    private static async Task<T> UntilAsync<T>(string what, Func<Task<T>> read, Func<T, bool> until)
    {
        var began = Clock.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (until(value))
                return value;
            if (Clock.GetElapsedTime(began) > Timeout)
                throw new CallFailedException($"waited {Timeout.TotalSeconds:F0} s in vain for {what}.");
            await Task.Delay(20);
        }
    }

    private static string Indent(string text, int by) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', by) + line));

    private void Say(string line) => terminal.Say(line);

    private sealed record Signal(
        string Council,
        string EncounterId,
        DateTimeOffset ArrivedAt,
        string Summary,
        string References
    );
}
