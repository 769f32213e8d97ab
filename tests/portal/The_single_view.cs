using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>Everything about one child on one page, from every service that knows something.</summary>
[Collection<OneBrowser>]
public sealed class The_single_view(TheHub hub, Chromium chromium)
{
    private static readonly Child Tegan = new("9000000343", "Marlowe", "Tegan", "2012-12-01");

    [Fact]
    public async Task A_duty_worker_sees_where_the_child_was_who_looked_and_which_other_council_registered()
    {
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0343", Tegan);
        await hub.RegisterAsync(TheHub.Eastvale, "EV-2026-0343", Tegan);
        await hub.ArriveAsync(Tegan);
        await using var clinician = await chromium.OpenAsync(hub.Address);
        await clinician.SignInAsync("Asha Brindle");
        await clinician.GoAsync("/look-up");
        await clinician.Page.GetByLabel("The patient is in my care").CheckAsync();
        await clinician.Page.GetByLabel("NHS number").FillAsync(Tegan.NhsNumber);
        await clinician.PressAsync("Look up");
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0343");
        await worker.GoAsync("/plans/CP-2026-0343");
        await worker.PressAsync("Everything under this plan");

        await worker.SeesAsync("01632 960001");
        await Eventually.UntilAsync(
            async () =>
            {
                await worker.GoAsync("/plans/CP-2026-0343/child");
                return await worker.Page.Locator("main").InnerTextAsync();
            },
            page =>
                page.Contains("Seen in unscheduled care: Meadowbank General", StringComparison.Ordinal)
                && page.Contains(
                    "Looked up in unscheduled care by clinician unscheduled of Meadowbank Hospitals NHS Trust",
                    StringComparison.Ordinal
                )
                && page.Contains("Eastvale Council registered the child too", StringComparison.Ordinal)
        );
        await worker.IsAccessibleAsync();
        await worker.PictureAsync("single-view");

        await using var stranger = await chromium.OpenAsync(hub.Address);
        await stranger.SignInAsync("Kezia Lowther");
        Assert.Equal(404, await stranger.GoAsync("/plans/CP-2026-0343/child"));
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync("Gita Harrow");
        Assert.Equal(403, await keeper.GoAsync("/plans/CP-2026-0343/child"));
    }
}
