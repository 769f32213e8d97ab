using Microsoft.Playwright;

namespace Safeguarding.Portal.Tests;

/// <summary>What is well, what waits, and what failed.</summary>
[Collection<OneBrowser>]
public sealed class The_operators_page(TheHub hub, Chromium chromium)
{
    [Fact]
    public async Task What_failed_is_seen_and_why_it_cannot_be_sent_again()
    {
        await using var person = await chromium.OpenAsync(hub.Address, scripts: true);
        await person.SignInAsync("Rhoda Selwyn");
        await person.PressAsync("Operations");
        Assert.Equal(4, await person.Page.GetByText("Ready", new() { Exact = true }).CountAsync());
        await person.IsAccessibleAsync();
        await person.PictureAsync("operations");

        await hub.BreakAMessageAsync();
        await TestKit.Eventually.UntilAsync(
            async () =>
            {
                await person.GoAsync("/operations");
                return await person.Page.GetByText("1 parked").CountAsync();
            },
            count => count == 1
        );
        await person.PressAsync("See why, and send them again");
        await person.PressAsync("Send again");
        await person
            .Page.GetByRole(AriaRole.Link, new() { Name = "Say in at most 500 characters why it is sent again" })
            .ClickAsync();
        await person.IsAccessibleAsync();
        await person.Page.Locator(":focus").FillAsync("The sender was mended");
        await person.PressAsync("Send again");
        await person.SeesAsync("The message cannot be read by this version of the service.");
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_named_and_the_rest_is_shown()
    {
        await using var person = await chromium.OpenAsync(hub.Address);
        await person.SignInAsync("Rhoda Selwyn");
        var (address, replica) = await hub.StartWithoutAsync("Notification");
        await using (replica)
        {
            Assert.Equal(503, await person.GoAsync(new Uri(address, "/operations").AbsoluteUri));
            await person.SeesAsync("Alerts cannot be reached right now");
            Assert.Equal(3, await person.Page.GetByText("Ready", new() { Exact = true }).CountAsync());
            Assert.Equal(1, await person.Page.GetByText("Not ready", new() { Exact = true }).CountAsync());
        }
    }
}
