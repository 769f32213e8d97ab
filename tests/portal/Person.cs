using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>One browser for one hub: beside each other the tests would only wait for each other.</summary>
public sealed class OneBrowser : ICollectionFixture<Chromium>;

/// <summary>The one Chromium of the tests; each person has a window of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Environment.GetEnvironmentVariable("HUB_TEST_CHROMIUM") ?? "/usr/bin/chromium",
                // In a container Chromium's own sandbox cannot be made.
                // Without a graphics card it would draw by a program of its own, for most of a processor.
                Args = ["--no-sandbox", "--disable-gpu"],
            }
        );
    }

    /// <summary>Somebody at a browser, signed out.</summary>
    /// <param name="portal">Where the portal is.</param>
    /// <param name="scripts">Off but where a test drives the page by script, as axe does: the portal has none.</param>
    public async Task<Person> OpenAsync(Uri portal, bool scripts = false)
    {
        var context = await _browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = portal.AbsoluteUri,
                JavaScriptEnabled = scripts,
                Locale = "en-GB",
            }
        );
        context.SetDefaultTimeout(Person.Patience);
        return new Person(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>Somebody at a browser.</summary>
public sealed class Person(IBrowserContext window, IPage page) : IAsyncDisposable
{
    /// <summary>Milliseconds after which what should be on a page is missed; a busy machine takes a while.</summary>
    internal const int Patience = 90_000;

    /// <summary>Pixels, as WCAG 2.2 has it (1.4.10).</summary>
    internal const int Narrow = 320;

    public IPage Page { get; } = page;

    public IBrowserContext Window { get; } = window;

    /// <summary>Signs in as one of the made-up people.</summary>
    /// <param name="name">Whom.</param>
    /// <param name="work">Of somebody with several roles: <c>reviewer of E08999902</c>.</param>
    public async Task SignInAsync(string name, string? work = null)
    {
        await Page.GotoAsync("/");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await PickAsync(name, work);
    }

    /// <summary>At identity's page.</summary>
    public async Task PickAsync(string name, string? work = null)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        if (work is not null)
            await Page.GetByRole(AriaRole.Button, new() { Name = work }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
    }

    /// <summary>Waits until the page says it; else fails with what it says.</summary>
    public async Task SeesAsync(string text)
    {
        try
        {
            await Page.GetByText(text).First.WaitForAsync();
        }
        catch (TimeoutException)
        {
            Assert.Fail($"'{text}' is not on the page, which says: {await Page.Locator("main").InnerTextAsync()}");
        }
    }

    /// <summary>Waits until the page has so many: after a click it may still be coming.</summary>
    public static Task HasAsync(int count, ILocator what) =>
        Assertions.Expect(what).ToHaveCountAsync(count, new() { Timeout = Patience });

    public Task<string> HeadingAsync() => Page.Locator("h1").InnerTextAsync();

    public async Task<int> GoAsync(string path) => (await Page.GotoAsync(path))!.Status;

    /// <summary>Presses a button or follows a link.</summary>
    public Task PressAsync(string name) =>
        Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true })
            .Or(Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }))
            .First.ClickAsync();

    /// <summary>Waits at the list until the alert is there, and opens it.</summary>
    public async Task OpenAlertAsync(string reference)
    {
        var link = Page.GetByRole(AriaRole.Link, new() { Name = reference });
        await Eventually.UntilAsync(
            async () =>
            {
                await GoAsync("/alerts");
                return await link.CountAsync();
            },
            count => count == 1
        );
        await link.ClickAsync();
    }

    /// <summary>Loads a page again until its table has a row.</summary>
    public Task UntilRowAsync(string path) =>
        Eventually.UntilAsync(
            async () =>
            {
                await GoAsync(path);
                return await Page.Locator("tbody tr").CountAsync();
            },
            count => count > 0
        );

    /// <summary>Waits at the queue until the review is there.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> FindReviewAsync(string reference)
    {
        var link = Page.GetByRole(AriaRole.Link, new() { Name = reference });
        await Eventually.UntilAsync(
            async () =>
            {
                await GoAsync("/reviews");
                return await link.CountAsync();
            },
            count => count == 1
        );
        return (await link.GetAttributeAsync("href"))!;
    }

    /// <summary>Fills in the form of a review.</summary>
    public async Task DecideAsync(string verdict, string reason, string button = "Decide")
    {
        await Page.GetByLabel(verdict, new() { Exact = true }).CheckAsync();
        await Page.GetByLabel("Why?").FillAsync(reason);
        await PressAsync(button);
    }

    /// <summary>Decides a review, so that no other test finds it in the queue.</summary>
    public async Task CloseReviewAsync(string path)
    {
        await GoAsync(path);
        var free = Page.GetByRole(AriaRole.Button, new() { Name = "Start this review" });
        if (await free.CountAsync() > 0)
            await free.ClickAsync();
        await DecideAsync("Not this child", "Somebody else, says the ward.");
        await Page.GetByText("Not this child: decided by").WaitForAsync();
    }

    /// <summary>Presses the tab key until the control of that text or value has the focus.</summary>
    public async Task TabToAsync(string control)
    {
        var focus = Page.Locator(":focus");
        for (var presses = 0; presses < 60; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await focus.InnerTextAsync() == control || await focus.GetAttributeAsync("value") == control)
                return;
        }

        Assert.Fail($"No tab reaches {control}.");
    }

    /// <summary>The same person at a second page.</summary>
    public async Task<Person> BesideAsync(string path)
    {
        var beside = new Person(Window, await Window.NewPageAsync());
        await beside.GoAsync(path);
        return beside;
    }

    /// <summary>Sends a file to be checked, and waits for what it would do.</summary>
    public async Task CheckFileAsync(string mode, string csv)
    {
        await GoAsync("/uploads/new");
        await Page.GetByLabel(mode).CheckAsync();
        await Page.GetByLabel("The file").SetInputFilesAsync(AFile("register.csv", csv));
        await PressAsync("Check the file");
        await Page.GetByRole(AriaRole.Heading, new() { Name = "What the file would do" }).WaitForAsync();
    }

    public static FilePayload AFile(string name, string text) =>
        new()
        {
            Name = name,
            MimeType = "text/csv",
            Buffer = System.Text.Encoding.UTF8.GetBytes(text),
        };

    /// <summary>Every rule of axe-core that WCAG 2.2 AA has, on the page as it is.</summary>
    /// <param name="readersColours">Whether colours are forced: the browser paints others than the style sheet has.</param>
    public async Task IsAccessibleAsync(bool readersColours = false)
    {
        var found = await Page.RunAxe(
            new AxeRunOptions
            {
                RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
                Rules = new Dictionary<string, RuleOptions>
                {
                    ["color-contrast"] = new() { Enabled = !readersColours },
                },
            }
        );
        Assert.True(
            found.Violations.Length == 0,
            $"{Page.Url}: {string.Join("; ", found.Violations.Select(one => $"{one.Id} at {string.Join(", ", one.Nodes.Select(node => node.Html))}"))}"
        );
    }

    /// <summary>Accessible, and nothing to scroll sideways to in the narrowest window.</summary>
    public async Task IsAccessibleAndNarrowAsync()
    {
        await IsAccessibleAsync();
        var width = await NarrowWidthAsync();
        Assert.True(width <= Narrow, $"{Page.Url} is {width} pixels wide.");
    }

    /// <summary>How wide the page is in a window of 320 pixels: a narrow telephone, or 1,280 at 400 %.</summary>
    public async Task<int> NarrowWidthAsync()
    {
        var usual = Page.ViewportSize!;
        await Page.SetViewportSizeAsync(Narrow, 640);
        var width = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        await Page.SetViewportSizeAsync(usual.Width, usual.Height);
        return width;
    }

    /// <summary>Keeps a picture of the page, where HUB_TEST_SCREENSHOTS names a folder.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("HUB_TEST_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        await Page.SetViewportSizeAsync(1000, 1300);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    public async ValueTask DisposeAsync() => await Window.DisposeAsync();
}
