using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Safeguarding.Portal.Tests;

/// <summary>A safeguarding lead reads who looked at what.</summary>
[Collection<OneBrowser>]
public sealed class Reading_the_audit(TheHub hub, Chromium chromium)
{
    private static readonly Child Gwilym = new("9100001031", "Harthope", "Gwilym", "2013-03-19");

    [Fact]
    public async Task What_a_duty_worker_opened_is_in_the_lists_of_the_lead_and_in_the_file()
    {
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0600", Gwilym);
        await hub.ArriveAsync(Gwilym);
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0600");
        var alert = worker.Page.Url[(worker.Page.Url.LastIndexOf('/') + 1)..];
        Assert.Equal(403, await worker.GoAsync("/audit"));

        await using var lead = await chromium.OpenAsync(hub.Address, scripts: true);
        await lead.SignInAsync("Hugo Islip");
        await lead.PressAsync("Audit");
        var row = lead.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = alert });
        await row.Filter(new() { HasText = "Opened an alert" })
            .Filter(new() { HasText = "Duty worker" })
            .Filter(new() { HasText = "Northmoor Council" })
            .First.WaitForAsync();
        await lead.IsAccessibleAsync();
        await lead.PictureAsync("audit");

        var download = await lead.Page.RunAndWaitForDownloadAsync(() => lead.PressAsync("Download as CSV"));
        var file = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.StartsWith("when,service,act,", file[0], StringComparison.Ordinal);
        Assert.Contains(file, line =>
            line.Contains(",alert.read,", StringComparison.Ordinal) && line.Contains(alert, StringComparison.Ordinal)
        );
        // When the worker signed in, identity has.
        Assert.Contains(file, line => line.Contains(",identity,session.begin,", StringComparison.Ordinal));
        Assert.Equal(file.Length, file.Distinct().Count());

        await lead.Page.GetByLabel("What", new() { Exact = true }).SelectOptionAsync("Opened an alert");
        await lead.Page.GetByLabel("Id of the alert, plan or other record").FillAsync(alert);
        await lead.Page.GetByLabel("Whose acts").SelectOptionAsync("Your organisation’s");
        await lead.PressAsync("Show");
        await row.First.WaitForAsync();
        var rows = lead.Page.GetByRole(AriaRole.Table).Locator("tbody tr");
        Assert.Equal(await rows.CountAsync(), await row.Filter(new() { HasText = "Opened an alert" }).CountAsync());
        await row.Filter(new() { HasTextRegex = new("record [0-9]+ of its chain") }).First.WaitForAsync();
        var resources = await lead.Page.RunAndWaitForDownloadAsync(() =>
            lead.PressAsync("Download as FHIR AuditEvents")
        );
        var bundle = JsonNode.Parse(
            await File.ReadAllTextAsync(await resources.PathAsync(), TestContext.Current.CancellationToken)
        )!;
        Assert.Equal("Bundle", (string)bundle["resourceType"]!);
        Assert.All(bundle["entry"]!.AsArray(), entry =>
        {
            Assert.Equal("AuditEvent", (string)entry!["resource"]!["resourceType"]!);
            Assert.Contains(alert, entry.ToJsonString(), StringComparison.Ordinal);
        });
        await lead.Page.GetByLabel("Whose acts").SelectOptionAsync("Other organisations’, about your children");
        await lead.PressAsync("Show");
        await lead.SeesAsync("Nothing is recorded for this.");

        await lead.PressAsync("Show the newest roots");
        // The first is signed after the first hour.
        await lead.SeesAsync("No root is signed yet.");
        await lead.IsAccessibleAsync();
        await lead.GoAsync("/audit");
        await lead.Page.GetByLabel("Only what was refused").CheckAsync();
        await lead.PressAsync("Show");
        await Person.HasAsync(0, row);
        Assert.Equal(404, await lead.GoAsync("/audit?before=none"));
        await lead.GoAsync("/audit?from=yesterday");
        await lead.Page.GetByRole(AriaRole.Link, new() { Name = "Enter days as on a calendar" }).WaitForAsync();
    }
}
