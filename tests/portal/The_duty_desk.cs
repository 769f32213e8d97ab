using Microsoft.Playwright;
using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>The duty worker's night. Without scripts, as everything here works.</summary>
public sealed class The_duty_desk(TheHub hub, Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly Child Alba = new("9000000009", "Fhirwood", "Alba", "2016-04-04");

    [Fact]
    public async Task A_duty_worker_sees_an_alert_arrive_acknowledges_it_and_signs_out()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0042", Alba);
        await worker.SignInAsync("Edwin Farrow");
        await worker.PressAsync("Alerts");

        await hub.ArriveAsync(Alba);
        await SeesAsync(worker, "CP-2026-0042");
        await worker.PressAsync("CP-2026-0042");
        Assert.Contains("CP-2026-0042", worker.Heading, StringComparison.Ordinal);
        Assert.Equal("01632 960001", await worker.Page.Locator(".portal-ring__number").InnerTextAsync());
        await worker.PressAsync("I have this");

        await worker.Page.GetByText("Acknowledged by Edwin Farrow").WaitForAsync();
        await worker.PressAsync("Sign out");
        await worker.Page.GetByRole(AriaRole.Heading, new() { Name = "You have signed out" }).WaitForAsync();
        await worker.GoAsync("/alerts");
        Assert.Equal("Who are you?", worker.Heading);
    }

    private static async Task SeesAsync(Person worker, string reference) =>
        await Eventually.UntilAsync(
            async () =>
            {
                await worker.GoAsync("/alerts");
                return await worker.Page.GetByRole(AriaRole.Link, new() { Name = reference }).CountAsync();
            },
            count => count == 1
        );
}
