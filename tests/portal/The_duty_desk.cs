using Microsoft.Playwright;
using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>The duty worker's night. Browsers run no scripts, so everything works without.</summary>
[Collection<OneBrowser>]
public sealed class The_duty_desk(TheHub hub, Chromium chromium)
{
    private static readonly Child Alba = new("9000000009", "Fhirwood", "Alba", "2016-04-04");
    private static readonly Child Bryn = new("9000000017", "Quillfield", "Bryn", "2015-02-11");

    [Fact]
    public async Task A_duty_worker_sees_an_alert_arrive_acknowledges_it_and_signs_out()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0042", Alba);
        await worker.SignInAsync("Edwin Farrow");
        await worker.PressAsync("Alerts");

        await hub.ArriveAsync(Alba);
        await worker.OpenAlertAsync("CP-2026-0042");
        await worker.GoAsync("/");
        Assert.Matches("[1-9][0-9]* open", await worker.Page.Locator("main").InnerTextAsync());
        await worker.GoAsync("/alerts?state=overdue");
        await worker.SeesAsync("No overdue alerts.");
        await worker.OpenAlertAsync("CP-2026-0042");
        Assert.Contains("CP-2026-0042", await worker.HeadingAsync(), StringComparison.Ordinal);
        Assert.Equal("01632 960001", await worker.Page.Locator(".portal-ring__number").InnerTextAsync());
        await worker.PictureAsync("alert");
        await worker.PressAsync("I am dealing with this");

        await worker.SeesAsync("Acknowledged by Edwin Farrow");
        await worker.PressAsync("Sign out");
        await worker.Page.GetByRole(AriaRole.Heading, new() { Name = "You have signed out" }).WaitForAsync();
        await worker.GoAsync("/alerts");
        Assert.Equal("Who are you?", await worker.HeadingAsync());
    }

    [Fact]
    public async Task A_new_alert_comes_into_the_open_list_by_itself()
    {
        Child cled = new("9100002011", "Larkhollow", "Cled", "2014-12-01");
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0043", cled);
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.SignInAsync("Edwin Farrow");
        await worker.GoAsync("/alerts");
        Assert.Equal(0, await worker.Page.GetByText("CP-2026-0043").CountAsync());
        await worker.Page.EvaluateAsync("window.sameDocument = true");

        await hub.ArriveAsync(cled);
        var link = worker.Page.GetByRole(AriaRole.Link, new() { Name = "CP-2026-0043" });
        await link.WaitForAsync();
        Assert.Equal("The list of alerts has changed.", await worker.Page.Locator("[role=status]").InnerTextAsync());
        Assert.True(await worker.Page.EvaluateAsync<bool>("window.sameDocument"));
        await worker.IsAccessibleAsync();
        await worker.PictureAsync("alerts");

        // Somebody else answers it.
        await using var colleague = await chromium.OpenAsync(hub.Address);
        await colleague.SignInAsync("Lorcan Mayhew", "duty-worker");
        await colleague.OpenAlertAsync("CP-2026-0043");
        await colleague.PressAsync("I am dealing with this");
        await link.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task Open_alerts_are_shown_by_urgency_and_kind_of_plan()
    {
        Child delyth = new("9100002038", "Thornacre", "Delyth", "2015-01-30");
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0044", delyth);
        await hub.ArriveAsync(delyth);
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0044");
        await worker.GoAsync("/alerts");
        var link = worker.Page.GetByRole(AriaRole.Link, new() { Name = "CP-2026-0044" });

        await worker.Page.GetByLabel("Plan").SelectOptionAsync("Looked after");
        await worker.PressAsync("Filter");
        Assert.Equal(0, await link.CountAsync());
        await worker.Page.GetByLabel("Plan").SelectOptionAsync("Child protection");
        await worker.PressAsync("Filter");
        await link.WaitForAsync();
        var found = 0;
        foreach (var urgency in new[] { "Urgent", "High", "Standard" })
        {
            await worker.Page.GetByLabel("Urgency").SelectOptionAsync(urgency);
            await worker.PressAsync("Filter");
            await worker.Page.GetByLabel("Urgency").WaitForAsync();
            found += await link.CountAsync();
        }

        Assert.Equal(1, found);
        Assert.Equal(404, await worker.GoAsync("/alerts?grade=worst"));
    }

    [Fact]
    public async Task A_note_and_a_hand_over_stay_in_the_history_under_the_persons_name()
    {
        Child enid = new("9100002046", "Mossgill", "Enid", "2013-08-17");
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0045", enid);
        await hub.ArriveAsync(enid);
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0045");

        await worker.PressAsync("Add a note");
        await worker.PressAsync("Save the note");
        await worker.SeesAsync("Enter the note");
        await worker.IsAccessibleAsync();
        await worker.Page.GetByRole(AriaRole.Textbox).FillAsync("Rang the ward: aunt is with her.");
        await worker.PressAsync("Save the note");
        await worker.SeesAsync("Rang the ward: aunt is with her.");

        await worker.PressAsync("Hand over");
        await worker.Page.GetByLabel("A colleague").CheckAsync();
        await worker.PressAsync("Hand it over");
        await worker.SeesAsync("Enter your colleague’s name or role");
        await worker.IsAccessibleAsync();
        await worker.Page.GetByLabel("The emergency duty team").CheckAsync();
        await worker.Page.GetByLabel("What they should know").FillAsync("Ring at 22:00.");
        await worker.PressAsync("Hand it over");
        await worker.SeesAsync("Handed over to the emergency duty team by Edwin Farrow");
        await worker.SeesAsync("Ring at 22:00.");
        await worker.IsAccessibleAsync();
        Assert.Equal(1, await worker.Page.GetByRole(AriaRole.Button, new() { Name = "I am dealing" }).CountAsync());
    }

    [Fact]
    public async Task Where_a_restricted_child_was_is_a_page_of_its_own_for_named_roles()
    {
        var ffion = new Child("9100002054", "Oldmeadow", "Ffion", "2014-06-06") { Restricted = true };
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0046", ffion);
        await hub.ArriveAsync(ffion);
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0046");
        await worker.SeesAsync("Ask your safeguarding lead, who can see it.");
        Assert.DoesNotContain(
            "Meadowbank",
            await worker.Page.Locator("main").InnerTextAsync(),
            StringComparison.Ordinal
        );
        var alert = new Uri(worker.Page.Url).AbsolutePath;
        Assert.Equal(403, await worker.GoAsync($"{alert}/place"));

        await using var lead = await chromium.OpenAsync(hub.Address, scripts: true);
        await lead.SignInAsync("Hugo Islip");
        await lead.GoAsync(alert);
        await lead.PressAsync("See where and when. This is recorded");
        await lead.SeesAsync("Meadowbank General, Emergency Department");
        await lead.SeesAsync("01632 960001");
        await lead.IsAccessibleAsync();
        await lead.GoAsync(alert);
        await lead
            .Page.GetByRole(AriaRole.Listitem)
            .Filter(new() { HasText = "Where the child was, read" })
            .Filter(new() { HasText = "Safeguarding lead (" })
            .WaitForAsync();
    }

    [Fact]
    public async Task An_answer_pressed_twice_or_after_going_back_is_given_once()
    {
        Child gwen = new("9100002062", "Quarrybank", "Gwen", "2016-02-02");
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0047", gwen);
        await hub.ArriveAsync(gwen);
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0047");
        await using var second = await worker.BesideAsync(new Uri(worker.Page.Url).AbsolutePath);
        await worker.Page.GetByRole(AriaRole.Button, new() { Name = "I am dealing with this" }).DblClickAsync();
        await worker.SeesAsync("Acknowledged by Edwin Farrow");
        await second.PressAsync("I am dealing with this");
        await second.SeesAsync("Acknowledged by Edwin Farrow");
        await worker.Page.GoBackAsync();
        await worker.PressAsync("Add a note");
        await worker.Page.GetByRole(AriaRole.Textbox).FillAsync("Written once.");
        await worker.PressAsync("Save the note");
        await worker.SeesAsync("Written once.");
        await worker.Page.GoBackAsync();
        await worker.Page.GetByRole(AriaRole.Textbox).FillAsync("Written once.");
        await worker.PressAsync("Save the note");
        await worker.Page.Locator(".moj-timeline").WaitForAsync();

        var history = await worker.Page.Locator(".moj-timeline h3").AllInnerTextsAsync();
        Assert.Single(history, line => line.Contains("cknowledged", StringComparison.Ordinal));
        Assert.Equal(1, await worker.Page.GetByText("Written once.").CountAsync());
    }

    [Fact]
    public async Task What_was_written_while_a_service_was_away_is_sent_from_the_page_that_says_so()
    {
        Child hefin = new("9100002070", "Ravensknoll", "Hefin", "2012-11-11");
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0048", hefin);
        await hub.ArriveAsync(hefin);
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0048");
        var alert = new Uri(worker.Page.Url).AbsolutePath;
        var (address, alerts, replica) = await hub.StartBehindProxyAsync();
        await using (replica)
        await using (alerts)
        {
            await worker.GoAsync(new Uri(address, $"{alert}/note").AbsoluteUri);
            await worker.Page.GetByRole(AriaRole.Textbox).FillAsync("Said before it went away.");
            alerts.Stop();
            await worker.PressAsync("Save the note");
            await worker.SeesAsync("What you entered is kept on this page.");
            await worker.IsAccessibleAsync();
            await worker.PressAsync("Send it again");
            await worker.SeesAsync("What you entered is kept on this page.");
            alerts.Resume();
            await worker.PressAsync("Send it again");
            await worker.SeesAsync("Said before it went away.");
            Assert.Equal(alert, new Uri(worker.Page.Url).AbsolutePath);
        }
    }

    [Fact]
    public async Task Another_councils_alert_is_the_same_404_as_one_that_is_missing()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await using var stranger = await chromium.OpenAsync(hub.Address);
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0107", Bryn);
        await hub.ArriveAsync(Bryn);
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0107");
        var path = new Uri(worker.Page.Url).AbsolutePath;

        await stranger.SignInAsync("Kezia Lowther");
        var others = (await stranger.GoAsync(path), await stranger.Page.Locator("main").InnerTextAsync());
        var missing = (
            await stranger.GoAsync($"/alerts/{Guid.CreateVersion7()}"),
            await stranger.Page.Locator("main").InnerTextAsync()
        );

        Assert.Equal(404, others.Item1);
        Assert.Equal(missing, others);
        await stranger.GoAsync("/alerts");
        Assert.Equal("Alerts", await stranger.HeadingAsync());
        Assert.Equal(0, await stranger.Page.GetByText("CP-2026-0107").CountAsync());
    }
}
