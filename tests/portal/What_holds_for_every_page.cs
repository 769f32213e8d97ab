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
        await worker.IsAccessibleAndNarrowAsync();
        await worker.PressAsync("This is not for us");
        await worker.PressAsync("Close as not for us");
        await worker.IsAccessibleAsync();
        string[] pages =
        [
            "/",
            "/alerts",
            "/alerts?state=refused",
            "/alerts/handover",
            "/alerts?grade=urgent&kind=unborn",
            "/look-up",
            "/look-up/names",
            "/help",
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
    public async Task Axe_finds_nothing_from_signing_in_to_signing_out()
    {
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.GoAsync("/alerts");
        Assert.Equal("Who are you?", await worker.HeadingAsync());
        await worker.IsAccessibleAndNarrowAsync();
        await worker.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await worker.IsAccessibleAsync();
        await worker.PressAsync("Lorcan Mayhew");
        await worker.Page.GetByRole(AriaRole.Heading, new() { Name = "For whom do you act?" }).WaitForAsync();
        await worker.IsAccessibleAndNarrowAsync();
        await worker.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await worker.PressAsync($"duty-worker of {TheHub.Northmoor}");
        await worker.SeesAsync("Lorcan Mayhew");
        foreach (var (page, status) in new[] { ("/uploads", 403), ("/none", 404), ("/session", 200) })
        {
            Assert.Equal(status, await worker.GoAsync(page));
            await worker.IsAccessibleAndNarrowAsync();
        }

        await worker.PressAsync("Sign out");
        await worker.Page.GetByRole(AriaRole.Heading, new() { Name = "You have signed out" }).WaitForAsync();
        var cancelled = new Uri(hub.Identity.Address, "signin/development?error=access_denied").AbsoluteUri;
        foreach (var page in new[] { worker.Page.Url, "/session-ended", "/sign-in-failed", cancelled })
        {
            await worker.GoAsync(page);
            await worker.IsAccessibleAndNarrowAsync();
        }

        Assert.Equal("You are not signed in", await worker.HeadingAsync());
    }

    [Theory]
    [InlineData(
        "Edwin Farrow",
        "/ /alerts /alerts?state=acknowledged /alerts/handover /figures /look-up /look-up/names /plans /help"
    )]
    [InlineData("Freya Gorton", "/reviews /reviews?state=decided /reviews/figures")]
    [InlineData("Gita Harrow", "/plans /uploads /uploads/new")]
    [InlineData("Imani Jarrow", "/integration /integration/events /audit")]
    [InlineData("Rhoda Selwyn", "/operations /operations/parked /operations/runbook/messages-parked")]
    [InlineData("Jonas Kerrick", "/break-glass /audit /subject-access")]
    [InlineData(
        "Wilf Yarrow",
        "/ /refused /check-encounter /check-token /clients /api-reference /api-reference/notification/claimAlerts"
    )]
    public async Task No_page_scrolls_sideways_at_320_pixels(string name, string pages)
    {
        await using var person = await chromium.OpenAsync(hub.Address, scripts: true);
        await person.SignInAsync(name);
        var wide = new List<string>();
        foreach (var page in pages.Split(' '))
        {
            Assert.Equal(200, await person.GoAsync(page));
            var width = await person.NarrowWidthAsync();
            if (width > Person.Narrow)
                wide.Add($"{page}: {width}");
        }

        Assert.Empty(wide);
    }

    /// <summary>A dark window, and one whose colours its reader chose.</summary>
    [Theory]
    [InlineData("Edwin Farrow", "/ /alerts /alerts/handover /figures /look-up /look-up/names /plans /help /none")]
    [InlineData("Freya Gorton", "/reviews /reviews?state=decided /reviews/figures /reviews/none")]
    [InlineData("Gita Harrow", "/plans /uploads /uploads/new")]
    [InlineData("Imani Jarrow", "/integration /integration/new-endpoint /integration/events /audit")]
    [InlineData("Rhoda Selwyn", "/operations /operations/parked /operations/runbook/messages-parked")]
    [InlineData("Jonas Kerrick", "/break-glass /audit /subject-access")]
    [InlineData("Wilf Yarrow", "/refused /check-encounter /check-token /clients /api-reference")]
    public async Task Axe_finds_nothing_in_dark_and_in_forced_colours(string name, string pages)
    {
        await using var person = await chromium.OpenAsync(hub.Address, scripts: true);
        await person.SignInAsync(name);
        foreach (var page in pages.Split(' '))
        {
            await person.Page.EmulateMediaAsync(
                new() { ColorScheme = ColorScheme.Dark, ForcedColors = ForcedColors.None }
            );
            await person.GoAsync(page);
            Assert.Equal(
                "rgb(22, 25, 28)",
                await person.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")
            );
            await person.IsAccessibleAsync();
            await person.Page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
            await person.IsAccessibleAsync(readersColours: true);
        }
    }

    [Fact]
    public async Task Whoever_asks_for_nothing_is_warned_and_then_signed_out()
    {
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.SignInAsync("Edwin Farrow");
        await worker.Page.Clock.InstallAsync();
        await worker.GoAsync("/alerts");
        var stay = worker.Page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" });

        await worker.Page.Clock.FastForwardAsync("10:00");
        Assert.False(await stay.IsVisibleAsync());
        await worker.Page.Clock.FastForwardAsync("03:05");
        await stay.WaitForAsync();
        Assert.True(await stay.EvaluateAsync<bool>("button => button === document.activeElement"));
        await worker.IsAccessibleAsync();
        await stay.ClickAsync();
        await stay.WaitForAsync(new() { State = WaitForSelectorState.Hidden });

        await worker.Page.Clock.FastForwardAsync("15:05");
        await worker.Page.GetByRole(AriaRole.Heading, new() { Name = "Your session has ended" }).WaitForAsync();
    }

    [Fact]
    public async Task A_page_that_keeps_itself_up_to_date_does_not_keep_a_person_signed_in()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        await hub.IdleInNewestSessionAsync();
        var background = await worker.Window.APIRequest.GetAsync(
            new Uri(hub.Address, "alerts?handler=mark").AbsoluteUri,
            new()
            {
                Headers = new Dictionary<string, string> { ["Portal-Background"] = "true" },
                MaxRedirects = 0,
            }
        );
        Assert.NotEqual(200, background.Status);
        await worker.GoAsync("/alerts");
        Assert.Equal("Who are you?", await worker.HeadingAsync());
    }

    [Fact]
    public async Task Only_the_portals_script_runs_no_cache_keeps_a_page_and_cookies_stay_here()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        var headers = await (await worker.Page.GotoAsync("/look-up"))!.AllHeadersAsync();
        Assert.StartsWith(
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'",
            headers["content-security-policy"],
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("unsafe", headers["content-security-policy"], StringComparison.Ordinal);
        Assert.Contains("no-store", headers["cache-control"], StringComparison.Ordinal);
        Assert.Equal("nosniff", headers["x-content-type-options"]);
        Assert.Equal("no-referrer", headers["referrer-policy"]);

        var cookies = await worker.Window.CookiesAsync([hub.Address.AbsoluteUri]);
        Assert.Contains(cookies, cookie => cookie.Name == "__Host-session");
        Assert.All(cookies.Where(cookie => cookie.Name.StartsWith("__Host-", StringComparison.Ordinal)), cookie =>
            Assert.Equal(
                (true, true, true),
                (cookie.HttpOnly, cookie.Secure, cookie.SameSite is SameSiteAttribute.Lax or SameSiteAttribute.Strict)
            )
        );

        // A form that another site sends has no token of this portal's.
        var answer = await worker.Window.APIRequest.PostAsync(
            new Uri(hub.Address, "look-up").AbsoluteUri,
            new() { Form = worker.Window.APIRequest.CreateFormData().Set("NhsNumber", Dilys.NhsNumber) }
        );
        Assert.Equal(400, answer.Status);
    }

    [Fact]
    public async Task Axe_finds_nothing_on_the_review_desk_in_any_state()
    {
        await hub.AskAboutAsync("CP-2026-0310", new("9000000106", "Sandpiper", "Jenny", "2012-02-03"));
        await using var reviewer = await chromium.OpenAsync(hub.Address, scripts: true);
        await reviewer.SignInAsync("Freya Gorton");
        var path = await reviewer.FindReviewAsync("CP-2026-0310");
        string[] pages = ["/", "/reviews", "/reviews?state=overdue", "/reviews/figures", path];
        foreach (var page in pages)
        {
            await reviewer.GoAsync(page);
            await reviewer.IsAccessibleAsync();
        }

        await reviewer.PressAsync("Start this review");
        await reviewer.IsAccessibleAndNarrowAsync();
        await reviewer.PressAsync("Decide");
        await Person.HasAsync(2, reviewer.Page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link));
        await reviewer.IsAccessibleAsync();
        await reviewer.CloseReviewAsync(path);
        foreach (var page in new[] { path, $"{path}/undo", "/reviews?state=decided", "/reviews/figures" })
        {
            await reviewer.GoAsync(page);
            await reviewer.IsAccessibleAndNarrowAsync();
        }
    }

    [Fact]
    public async Task The_keyboard_alone_decides_a_review()
    {
        await hub.AskAboutAsync("CP-2026-0311", new("9000000114", "Tidewell", "Kit", "2011-05-08"));
        await using var reviewer = await chromium.OpenAsync(hub.Address);
        await reviewer.SignInAsync("Freya Gorton");
        var path = await reviewer.FindReviewAsync("CP-2026-0311");
        await reviewer.GoAsync(path);
        await reviewer.TabToAsync("Start this review");
        await reviewer.Page.Keyboard.PressAsync("Enter");
        await reviewer.SeesAsync("You have this review until");
        await reviewer.TabToAsync("SameChild");
        await reviewer.Page.Keyboard.PressAsync("ArrowDown");
        await reviewer.Page.Keyboard.PressAsync("Tab");
        await reviewer.Page.Keyboard.TypeAsync("Another birth date, says the ward.");
        await reviewer.Page.Keyboard.PressAsync("Tab");
        await reviewer.Page.Keyboard.PressAsync("Enter");
        await reviewer.SeesAsync("Not this child: decided by Freya Gorton");
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
            await keeper.IsAccessibleAndNarrowAsync();
        }

        await keeper.GoAsync(upload);
        await keeper.IsAccessibleAndNarrowAsync();
        await keeper.PressAsync("Discard this file");
        await keeper.IsAccessibleAsync();
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_the_choice_of_a_file_from_the_home_page()
    {
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync("Gita Harrow");
        await keeper.GoAsync("/");
        await keeper.TabToAsync("Uploads");
        await keeper.Page.Keyboard.PressAsync("Enter");
        await keeper.Page.GetByRole(AriaRole.Heading, new() { Name = "Uploads" }).WaitForAsync();
        await keeper.TabToAsync("Load a file");
        await keeper.Page.Keyboard.PressAsync("Enter");
        await keeper.Page.GetByRole(AriaRole.Heading, new() { Name = "Load a file" }).WaitForAsync();
        await keeper.TabToAsync("changes");
        await keeper.Page.Keyboard.PressAsync("Space");
        Assert.True(await keeper.Page.GetByLabel("Only what changed").IsCheckedAsync());
        await keeper.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("upload", await keeper.Page.Locator(":focus").GetAttributeAsync("id"));
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
        await clinician.SeesAsync("You are signed in as Gita Harrow, plan keeper of Northmoor Council");
        await clinician.SeesAsync("duty worker, safeguarding lead, manager");
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
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.SignInAsync("Edwin Farrow");
        var (address, replica) = await hub.StartWithoutAsync("Notification");
        await using (replica)
        {
            Assert.Equal(503, await worker.GoAsync(new Uri(address, "/alerts").AbsoluteUri));
            await worker.IsAccessibleAndNarrowAsync();
            await worker.SeesAsync("Alerts cannot be reached right now");
            Assert.Equal(200, await worker.GoAsync(address.AbsoluteUri));
            await worker.SeesAsync("How many are open cannot be shown right now.");
            Assert.Equal(200, await worker.GoAsync(new Uri(address, "/look-up").AbsoluteUri));
        }
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(502)]
    public async Task A_session_outlives_an_identity_that_cannot_renew_its_token(int status)
    {
        await using var identity = await BusyIdentity.StartAsync(hub.Identity.Address, status);
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        await hub.AgeNewestTokenAsync();
        var (address, replica) = await hub.StartWithAsync(("Identity:Issuers:0:Metadata", identity.Metadata));
        await using (replica)
        {
            Assert.Equal(503, await worker.GoAsync(new Uri(address, "/alerts").AbsoluteUri));
            await worker.SeesAsync("Sign-in cannot be reached right now. Try again in a minute.");
        }

        Assert.Equal(200, await worker.GoAsync("/alerts"));
    }

    [Fact]
    public async Task Strangers_at_one_address_begin_only_so_many_sign_ins_a_minute()
    {
        var (address, replica) = await hub.StartWithAsync(("RequestLimits:StrangersPerMinute", "2"));
        await using (replica)
        {
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
            var statuses = new List<int>();
            for (var i = 0; i < 3; i++)
            {
                using var answer = await http.GetAsync(
                    new Uri(address, "/alerts"),
                    TestContext.Current.CancellationToken
                );
                statuses.Add((int)answer.StatusCode);
            }

            Assert.Equal([302, 302, 429], statuses);
        }
    }
}
