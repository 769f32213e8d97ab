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
        await worker.SeesAsync("None is overdue.");
        await worker.OpenAlertAsync("CP-2026-0042");
        Assert.Contains("CP-2026-0042", await worker.HeadingAsync(), StringComparison.Ordinal);
        Assert.Equal("01632 960001", await worker.Page.Locator(".portal-ring__number").InnerTextAsync());
        await worker.PictureAsync("alert");
        await worker.PressAsync("I have this");

        await worker.SeesAsync("Acknowledged by Edwin Farrow");
        await worker.PressAsync("Sign out");
        await worker.Page.GetByRole(AriaRole.Heading, new() { Name = "You have signed out" }).WaitForAsync();
        await worker.GoAsync("/alerts");
        Assert.Equal("Who are you?", await worker.HeadingAsync());
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
