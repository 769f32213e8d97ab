using Microsoft.Playwright;
using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>Accessibility, keyboard, refusals and faults.</summary>
[Collection<OneBrowser>]
public sealed class What_holds_for_every_page(TheHub hub, Chromium chromium)
{
    private static readonly Child Dilys = new("9000000033", "Brackenside", "Dilys", "2014-09-30");

    [Fact]
    public async Task Axe_finds_nothing_on_any_page()
    {
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0300", Dilys);
        await hub.ArriveAsync(Dilys);
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.GoAsync("/");
        await worker.IsAccessibleAsync();
        await worker.SignInAsync("Edwin Farrow");
        await worker.OpenAlertAsync("CP-2026-0300");
        await worker.IsAccessibleAsync();
        await worker.PressAsync("Not ours…");
        await worker.PressAsync("Refuse the alert");
        await worker.IsAccessibleAsync();
        string[] pages =
        [
            "/",
            "/alerts",
            "/alerts?state=refused",
            "/alerts/handover",
            "/look-up",
            "/none",
            "/session-ended",
        ];
        foreach (var page in pages)
        {
            await worker.GoAsync(page);
            await worker.IsAccessibleAsync();
        }
    }

    [Fact]
    public async Task Axe_finds_nothing_on_any_page_of_the_register()
    {
        const string file = "reference,kind,start_date,family_name,birth_date\n";
        foreach (var n in Enumerable.Range(301, 3))
        {
            var child = Dilys with { NhsNumber = Synthetic.NhsNumber(n).Reveal() };
            await hub.RegisterAsync(TheHub.Northmoor, $"CP-2026-0{n}", child);
        }

        await using var keeper = await chromium.OpenAsync(hub.Address, scripts: true);
        await keeper.SignInAsync("Gita Harrow");
        await keeper.GoAsync("/uploads/new");
        await keeper.PressAsync("Check the file");
        await keeper.IsAccessibleAsync();
        await keeper.CheckFileAsync(
            "The whole register",
            file + "CP-9,?,,,\nCP-8,looked-after,2026-01-05,Brackenside,2014-09-30\n"
        );
        await keeper.IsAccessibleAsync();
        await keeper.PressAsync("Load the file");
        await keeper.IsAccessibleAsync();
        var upload = new Uri(keeper.Page.Url).AbsolutePath;
        string[] pages =
        [
            "/",
            "/plans",
            "/plans?status=ended&kind=unborn",
            "/plans/CP-2026-0301",
            "/uploads",
            "/uploads?state=failed",
            "/uploads/new",
            $"{upload}/lines",
            $"{upload}/endings",
        ];
        foreach (var page in pages)
        {
            Assert.Equal(200, await keeper.GoAsync(page));
            await keeper.IsAccessibleAsync();
        }

        await keeper.GoAsync(upload);
        await keeper.PressAsync("Discard it");
        await keeper.IsAccessibleAsync();
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_the_choice_of_a_file_from_the_home_page()
    {
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync("Gita Harrow");
        await keeper.GoAsync("/");
        await TabToAsync(keeper, "Uploads");
        await keeper.Page.Keyboard.PressAsync("Enter");
        await keeper.Page.GetByRole(AriaRole.Heading, new() { Name = "Uploads" }).WaitForAsync();
        await TabToAsync(keeper, "Load a file");
        await keeper.Page.Keyboard.PressAsync("Enter");
        await keeper.Page.GetByRole(AriaRole.Heading, new() { Name = "Load a file" }).WaitForAsync();
        await TabToAsync(keeper, "");
        await keeper.Page.Keyboard.PressAsync("Space");
        Assert.True(await keeper.Page.GetByLabel("Only what changed").IsCheckedAsync());
        await keeper.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("upload", await keeper.Page.Locator(":focus").GetAttributeAsync("id"));
    }

    private static async Task TabToAsync(Person person, string text)
    {
        for (var presses = 0; presses < 20; presses++)
        {
            await person.Page.Keyboard.PressAsync("Tab");
            if (await person.Page.Locator(":focus").InnerTextAsync() == text)
                return;
        }

        Assert.Fail($"The tab key did not reach “{text}”");
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_an_alert_from_the_home_page()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        await worker.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to main content", await worker.Page.Locator(":focus").InnerTextAsync());
        await worker.Page.Keyboard.PressAsync("Enter");
        await worker.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Alerts", await worker.Page.Locator(":focus").InnerTextAsync());
        await worker.Page.Keyboard.PressAsync("Enter");
        await worker.Page.GetByRole(AriaRole.Heading, new() { Name = "Alerts" }).WaitForAsync();
    }

    [Fact]
    public async Task A_page_of_another_role_says_which_role_it_needs()
    {
        await using var clinician = await chromium.OpenAsync(hub.Address);
        await clinician.SignInAsync("Gita Harrow");
        Assert.Equal(403, await clinician.GoAsync("/alerts"));
        await clinician.Page.GetByText("You are signed in as Gita Harrow, plan-keeper of E08999901").WaitForAsync();
        await clinician.Page.GetByText("duty-worker, safeguarding-lead, manager").WaitForAsync();
    }

    [Fact]
    public async Task A_session_that_identity_ends_asks_to_sign_in_again_and_comes_back()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        await hub.EndNewestSessionAsync();
        await Eventually.UntilAsync(
            async () =>
            {
                await worker.GoAsync("/alerts");
                return await worker.HeadingAsync();
            },
            heading => heading == "Your session has ended"
        );

        await worker.PressAsync("Sign in again");
        await worker.PickAsync("Edwin Farrow");
        Assert.Equal("Alerts", await worker.HeadingAsync());
    }

    [Fact]
    public async Task A_session_goes_on_at_another_replica_which_says_what_it_misses()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        var (address, replica) = await hub.StartWithoutAlertsAsync();
        await using (replica)
        {
            Assert.Equal(503, await worker.GoAsync(new Uri(address, "/alerts").AbsoluteUri));
            await worker.Page.GetByText("Alerts cannot be reached right now").WaitForAsync();
            Assert.Equal(200, await worker.GoAsync(new Uri(address, "/look-up").AbsoluteUri));
        }
    }
}
