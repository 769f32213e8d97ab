using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>What a manager passes on: numbers in which nobody can be recognised.</summary>
[Collection<OneBrowser>]
public sealed class The_figures(TheHub hub, Chromium chromium)
{
    // So unlike each other that nobody is asked about them.
    private static readonly Child[] Children =
    [
        new(Synthetic.NhsNumber(400).Reveal(), "Larkmead", "Ines", "2013-10-02"),
        new(Synthetic.NhsNumber(401).Reveal(), "Brambleby", "Otto", "2009-01-17"),
        new(Synthetic.NhsNumber(402).Reveal(), "Castlegate", "Wren", "2015-06-30"),
        new(Synthetic.NhsNumber(403).Reveal(), "Dunmarrow", "Piers", "2011-03-11"),
        new(Synthetic.NhsNumber(404).Reveal(), "Elverstone", "Maud", "2018-08-24"),
        new(Synthetic.NhsNumber(405).Reveal(), "Fallowdene", "Seth", "2020-12-05"),
    ];

    [Fact]
    public async Task A_manager_sees_alerts_by_week_with_a_table_behind_each_chart_and_takes_them_away()
    {
        foreach (var (i, child) in Children.Index())
        {
            await hub.RegisterAsync(TheHub.Northmoor, $"CP-2026-09{i:D2}", child);
            await hub.ArriveAsync(child);
        }

        await using var manager = await chromium.OpenAsync(hub.Address, scripts: true);
        await manager.SignInAsync("Imani Jarrow");
        await manager.PressAsync("Figures");
        await Eventually.UntilAsync(
            async () =>
            {
                await manager.GoAsync("/figures");
                return await manager.Page.Locator(".portal-chart__bars rect").CountAsync();
            },
            count => count >= 1
        );

        Assert.Equal(14, await manager.Page.GetByRole(Microsoft.Playwright.AriaRole.Row).CountAsync());
        // Where a week's parts are too few to be shown, there is nothing to draw.
        Assert.InRange(await manager.Page.GetByRole(Microsoft.Playwright.AriaRole.Img).CountAsync(), 1, 2);
        await manager.SeesAsync("Decided in the last 28 days");
        await manager.SeesAsync("Child protection plans");
        await manager.IsAccessibleAsync();
        await manager.PictureAsync("figures");
        var download = await manager.Page.RunAndWaitForDownloadAsync(() =>
            manager.PressAsync("Download the weeks as CSV")
        );
        var file = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(14, file.Length);
        Assert.StartsWith("week,raised,urgent,", file[0], StringComparison.Ordinal);
        Assert.Equal(404, await manager.GoAsync("/figures?weeks=5"));
    }

    [Fact]
    public async Task What_a_service_does_not_give_is_named_and_the_rest_is_shown()
    {
        await using var manager = await chromium.OpenAsync(hub.Address);
        await manager.SignInAsync("Imani Jarrow");
        var (address, replica) = await hub.StartWithoutAsync("Matching");
        await using (replica)
        {
            Assert.Equal(503, await manager.GoAsync(new Uri(address, "/figures").AbsoluteUri));
            await manager.SeesAsync("Reviews cannot be reached right now");
            await manager.SeesAsync("Acknowledged or refused");
        }
    }
}
