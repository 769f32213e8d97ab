using System.Text.Json;
using Microsoft.Playwright;

namespace Safeguarding.Portal.Tests;

/// <summary>A council's lead answers a person who asks what is held of their child. Browsers run no scripts.</summary>
[Collection<OneBrowser>]
public sealed class Answering_a_person(TheHub hub, Chromium chromium)
{
    private const string Lead = "Hugo Islip";
    private const string Why = "The applicant's own address, which she has shown.";

    private static readonly Child Odette = new("9100001066", "Wharfedale", "Odette", "2013-10-02")
    {
        Postcode = "ZZ99 4QQ",
    };

    [Fact]
    public async Task What_is_held_is_shown_released_one_by_one_with_a_reason_and_downloaded()
    {
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0700", Odette);
        await hub.ArriveAsync(Odette);
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0700");
        Assert.Equal(403, await worker.GoAsync("/subject-access"));

        await using var lead = await chromium.OpenAsync(hub.Address, scripts: true);
        await lead.SignInAsync(Lead);
        await lead.PressAsync("Subject access");
        await lead.PressAsync("Show what is held");
        await lead
            .Page.GetByRole(AriaRole.Link, new() { Name = "Enter a plan reference or an NHS number" })
            .WaitForAsync();
        await lead.IsAccessibleAsync();
        var asked = lead.Page.GetByLabel("Plan reference or NHS number");
        await asked.FillAsync("CP-2026-0799");
        await lead.PressAsync("Show what is held");
        await lead.Page.GetByRole(AriaRole.Link, new() { Name = "Your council has no plan" }).WaitForAsync();
        await asked.FillAsync(Odette.NhsNumber);
        await lead.PressAsync("Show what is held");

        Assert.Equal("What your council holds of this person", await lead.HeadingAsync());
        var main = lead.Page.Locator("main");
        var first = await main.InnerTextAsync();
        Assert.All(["Plans and look-ups", "Matches and reviews", "Alerts"], part =>
            Assert.Contains(part, first, StringComparison.Ordinal)
        );
        Assert.Contains("Odette Wharfedale", first, StringComparison.Ordinal);
        Assert.Contains("likely to be the same child", first, StringComparison.Ordinal);
        Assert.All([Odette.Postcode!, "Meadowbank", "01632 960001", "Edwin"], word =>
            Assert.DoesNotContain(word, first, StringComparison.Ordinal)
        );
        Assert.EndsWith("/subject-access", lead.Page.Url, StringComparison.Ordinal);
        await lead.IsAccessibleAsync();

        var toRelease = lead.Page.GetByText("Release something of this: Plan (1 of 1)");
        await toRelease.ClickAsync();
        var release = lead.Page.GetByRole(
            AriaRole.Button,
            new() { Name = "Release of Plan (1 of 1) what has a reason" }
        );
        await release.ClickAsync();
        await lead
            .Page.GetByRole(AriaRole.Link, new() { Name = "Say why what you release may be shown" })
            .WaitForAsync();
        await lead.IsAccessibleAsync();
        await lead.Page.GetByLabel("Why may “Postcodes” be shown?").FillAsync(Why);
        await release.ClickAsync();
        await lead.SeesAsync($"Released by you: {Why}");
        Assert.Contains(Odette.Postcode!, await main.InnerTextAsync(), StringComparison.Ordinal);
        await lead.PictureAsync("subject-access");
        await lead.Page.SetViewportSizeAsync(320, 640);
        Assert.Equal(320, await lead.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        var download = await lead.Page.RunAndWaitForDownloadAsync(() => lead.PressAsync("Download as JSON"));
        using var export = JsonDocument.Parse(
            await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken)
        );
        var text = export.RootElement.GetRawText();
        Assert.Equal(3, export.RootElement.GetProperty("parts").GetArrayLength());
        Assert.Contains(Odette.Postcode!, text, StringComparison.Ordinal);
        Assert.DoesNotContain("01632 960001", text, StringComparison.Ordinal);
        Assert.Contains(export.RootElement.GetProperty("withheld").EnumerateArray(), item =>
            item.GetProperty("name").GetString() == "site" && item.GetProperty("withheld").GetString() == "location"
        );
        // The next answer withholds again.
        await lead.GoAsync("/subject-access");
        await asked.FillAsync("CP-2026-0700");
        await lead.PressAsync("Show what is held");
        Assert.DoesNotContain(Odette.Postcode!, await main.InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_named_and_the_rest_is_shown()
    {
        var child = new Child("9100001058", "Xylander", "Perpetua", "2014-08-21");
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0701", child);
        await using var officer = await chromium.OpenAsync(hub.Address);
        await officer.SignInAsync("Jonas Kerrick");
        var (address, replica) = await hub.StartWithoutAsync("Notification");
        await using var without = replica;
        await officer.GoAsync(new Uri(address, "/subject-access").AbsoluteUri);
        await officer.Page.GetByLabel("Plan reference or NHS number").FillAsync("CP-2026-0701");
        var answer = await officer.Page.RunAndWaitForResponseAsync(
            () => officer.PressAsync("Show what is held"),
            response => response.Request.Method == "POST"
        );

        Assert.Equal(503, answer.Status);
        await officer.SeesAsync("Alerts cannot be reached right now");
        await officer.SeesAsync("Perpetua Xylander");
        Assert.Equal(0, await officer.Page.GetByText("Download as JSON").CountAsync());
    }
}
