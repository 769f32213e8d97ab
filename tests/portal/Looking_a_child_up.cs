using Microsoft.Playwright;

namespace Safeguarding.Portal.Tests;

/// <summary>The clinician's look-up.</summary>
[Collection<OneBrowser>]
public sealed class Looking_a_child_up(TheHub hub, Chromium chromium)
{
    private static readonly Child Cai = new("9000000025", "Ashgrove", "Cai", "2017-05-14");

    [Fact]
    public async Task A_clinician_learns_whom_to_ring_and_what_was_recorded()
    {
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0200", Cai);
        await using var clinician = await chromium.OpenAsync(hub.Address);
        await clinician.SignInAsync("Asha Brindle");
        await clinician.PressAsync("Look a child up");
        await clinician.Page.GetByLabel("The patient is in my care").CheckAsync();
        await clinician.Page.GetByLabel("NHS number").FillAsync(Cai.NhsNumber);
        await clinician.PressAsync("Look up");

        Assert.Equal("The child is known to a council", await clinician.HeadingAsync());
        Assert.Matches("^01632 9601(00|99)$", await clinician.Page.Locator(".portal-ring__number").InnerTextAsync());
        await clinician.SeesAsync("as an unscheduled look-up");
        await clinician.PictureAsync("look-up");
        Assert.DoesNotContain(Cai.NhsNumber, clinician.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_wrong_says_what_to_correct_and_keeps_the_rest()
    {
        await using var clinician = await chromium.OpenAsync(hub.Address);
        await clinician.SignInAsync("Asha Brindle");
        await clinician.GoAsync("/look-up");
        await clinician.Page.GetByLabel("NHS number").FillAsync("9000000026");
        await clinician.PressAsync("Look up");

        var summary = clinician.Page.GetByRole(AriaRole.Alert);
        Assert.Equal(2, await summary.GetByRole(AriaRole.Link).CountAsync());
        Assert.StartsWith("Error: ", await clinician.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Equal("9000000026", await clinician.Page.GetByLabel("NHS number").InputValueAsync());
        await summary.GetByRole(AriaRole.Link).First.ClickAsync();
        Assert.EndsWith("#purpose", clinician.Page.Url, StringComparison.Ordinal);
    }
}
