using Microsoft.Playwright;

namespace Safeguarding.Portal.Tests;

/// <summary>
/// A look-up without a usual purpose, the colleague who confirms it, and the privacy officer who judges.
/// </summary>
[Collection<OneBrowser>]
public sealed class Breaking_the_glass(TheHub hub, Chromium chromium)
{
    private const string Why = "Brought in by a neighbour, nobody knows the family";
    private static readonly Child Emrys = new("9100001007", "Fallowfield", "Emrys", "2016-02-11");

    [Fact]
    public async Task A_use_is_seconded_by_a_colleague_and_judged_once_by_the_privacy_officer()
    {
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0400", Emrys);
        await using var clinician = await chromium.OpenAsync(hub.Address);
        await clinician.SignInAsync("Asha Brindle");
        await clinician.GoAsync("/look-up");
        await clinician.Page.GetByLabel("Neither of these").CheckAsync();
        await clinician.Page.GetByLabel("NHS number").FillAsync(Emrys.NhsNumber);
        await clinician.PressAsync("Look up");
        await clinician
            .Page.GetByRole(AriaRole.Link, new() { Name = "Say in 10 to 500 characters why you must know now" })
            .WaitForAsync();
        await clinician.Page.GetByLabel("Why must you know now?").FillAsync(Why);
        await clinician.PressAsync("Look up");
        Assert.Equal("The child is known to a council", await clinician.HeadingAsync());
        var address = await clinician.Page.Locator(".portal-address").InnerTextAsync();

        await clinician.GoAsync(address);
        await clinician.PressAsync("Confirm this use");
        await clinician.SeesAsync("This is your own use");
        await using var colleague = await chromium.OpenAsync(hub.Address, scripts: true);
        await colleague.SignInAsync("Cerys Dunmore");
        await colleague.GoAsync(address);
        await colleague.IsAccessibleAndNarrowAsync();
        await colleague.PressAsync("Confirm this use");
        await colleague.Page.GetByText(Why).WaitForAsync();
        await colleague.IsAccessibleAndNarrowAsync();

        await using var officer = await chromium.OpenAsync(hub.Address, scripts: true);
        await officer.SignInAsync("Dara Elmsley");
        await officer.PressAsync("Break-glass");
        await officer.IsAccessibleAsync();
        await officer.Page.GetByRole(AriaRole.Link, new() { Name = "Judge the use of" }).First.ClickAsync();
        await officer.Page.GetByText(Why).WaitForAsync();
        await officer.IsAccessibleAndNarrowAsync();
        await officer.PictureAsync("break-glass");
        var page = officer.Page.Url;
        await officer.Page.GetByLabel("Not justified").CheckAsync();
        await officer.PressAsync("Judge");
        await officer.Page.GetByRole(AriaRole.Link, new() { Name = "Say what came of it" }).WaitForAsync();
        await officer.IsAccessibleAsync();
        await officer.Page.GetByLabel("What came of it?").FillAsync("Spoken with; direct care would have done");
        await officer.PressAsync("Judge");
        await officer.SeesAsync("Spoken with; direct care would have done");
        await officer.IsAccessibleAndNarrowAsync();
        Assert.Equal(404, await officer.GoAsync(page));
    }

    [Fact]
    public async Task Another_organisations_use_is_neither_seconded_nor_judged()
    {
        await using var clinician = await chromium.OpenAsync(hub.Address, scripts: true);
        await clinician.SignInAsync("Asha Brindle");
        await clinician.GoAsync("/look-up");
        await clinician.Page.GetByLabel("Neither of these").CheckAsync();
        await clinician.Page.GetByLabel("NHS number").FillAsync("9100001015");
        await clinician.Page.GetByLabel("Why must you know now?").FillAsync(Why);
        await clinician.PressAsync("Look up");
        Assert.Equal("No plan was found", await clinician.HeadingAsync());
        await clinician.IsAccessibleAndNarrowAsync();
        var address = await clinician.Page.Locator(".portal-address").InnerTextAsync();

        await using var stranger = await chromium.OpenAsync(hub.Address);
        await stranger.SignInAsync("Edwin Farrow");
        await stranger.GoAsync(address);
        await stranger.PressAsync("Confirm this use");
        Assert.Equal("Page not found", await stranger.HeadingAsync());

        await using var officer = await chromium.OpenAsync(hub.Address);
        await officer.SignInAsync("Jonas Kerrick");
        await officer.PressAsync("Break-glass");
        await officer.SeesAsync("None waits for your judgement");
    }
}
