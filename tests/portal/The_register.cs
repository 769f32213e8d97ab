using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>The plan keeper's files: checked, corrected, loaded. Browsers run no scripts.</summary>
[Collection<OneBrowser>]
public sealed partial class The_register(TheHub hub, Chromium chromium)
{
    private const string Keeper = "Gita Harrow";
    private const string Changes = "Only what changed";
    private const string Whole = "The whole register";
    private const string Header = "reference,kind,start_date,nhs_number,family_name,given_names,birth_date\n";

    [Fact]
    public async Task A_bad_file_is_checked_corrected_and_loaded()
    {
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync(Keeper);
        await keeper.CheckFileAsync(
            Changes,
            Header + Line("REG-1", 7001) + Line("REG-2", 7002) + Line("REG-3", 7003, "childprotection", "=Moorend")
        );
        await keeper.Page.GetByRole(AriaRole.Heading, new() { Name = "1 line was refused" }).WaitForAsync();
        await keeper.SeesAsync("kind-unknown");
        var download = await keeper.Page.RunAndWaitForDownloadAsync(() =>
            keeper.PressAsync("Download the refused lines")
        );
        var refused = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        await keeper.PressAsync("Load the file");
        await keeper.Page.GetByRole(AriaRole.Heading, new() { Name = "Loaded" }).WaitForAsync();

        Assert.Contains("Line 4: kind: ", refused, StringComparison.Ordinal);
        Assert.Contains(",'=Moorend,", refused, StringComparison.Ordinal);
        await keeper.CheckFileAsync(
            Changes,
            refused
                .Replace("childprotection", "child-protection", StringComparison.Ordinal)
                .Replace("'=Moorend", "Moorend", StringComparison.Ordinal)
        );
        await keeper.PressAsync("Load the file");
        await keeper.Page.GetByRole(AriaRole.Heading, new() { Name = "Loaded" }).WaitForAsync();
        await keeper.PressAsync("Plans");
        await keeper.Page.GetByLabel("Find a plan").FillAsync(Synthetic.NhsNumber(7003).Reveal());
        await keeper.PressAsync("Find");
        await keeper.PressAsync("REG-3");

        Assert.Equal("REG-3", await keeper.HeadingAsync());
        await keeper.SeesAsync("Robyn Moorend");
        Assert.EndsWith("/plans/REG-3", keeper.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_ends_many_plans_is_loaded_once_and_only_on_a_typed_number()
    {
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync(Keeper);
        await keeper.CheckFileAsync(
            Changes,
            Header + string.Concat(Enumerable.Range(1, 30).Select(n => Line($"END-{n:00}", 7100 + n)))
        );
        await keeper.PressAsync("Load the file");
        await keeper.Page.GetByRole(AriaRole.Heading, new() { Name = "Loaded" }).WaitForAsync();
        await keeper.CheckFileAsync(Whole, Header + Line("END-01", 7101));
        var (page, stale) = (keeper.Page, await keeper.Window.NewPageAsync());
        await stale.GotoAsync(page.Url);

        await keeper.PressAsync("Load the file");
        await page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link).ClickAsync();
        Assert.EndsWith("#plans", page.Url, StringComparison.Ordinal);
        var many = Number().Match(await page.GetByRole(AriaRole.Alert).InnerTextAsync()).Value;
        await page.GetByLabel("How many running plans").FillAsync(many);
        await keeper.PressAsync("Load the file");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Loaded" }).WaitForAsync();

        await stale.GetByLabel("How many running plans").FillAsync(many);
        await stale.GetByRole(AriaRole.Button, new() { Name = "Load the file" }).ClickAsync();
        await stale.GetByRole(AriaRole.Heading, new() { Name = "Loaded" }).WaitForAsync();
        await stale.GotoAsync($"{hub.Address}plans/END-30");
        await stale.GetByText("Ended", new() { Exact = true }).WaitForAsync();
        await stale.GotoAsync($"{hub.Address}plans?status=running");
        Assert.Equal(0, await stale.GetByRole(AriaRole.Link, new() { Name = "END-30", Exact = true }).CountAsync());
    }

    [Fact]
    public async Task What_was_discarded_is_not_loaded_from_a_page_that_is_still_open()
    {
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync(Keeper);
        await keeper.CheckFileAsync(Changes, Header + Line("REG-20", 7020));
        var stale = await keeper.Window.NewPageAsync();
        await stale.GotoAsync(keeper.Page.Url);
        await keeper.PressAsync("Discard this file");
        await keeper.Page.GetByRole(AriaRole.Heading, new() { Name = "Discarded" }).WaitForAsync();

        await stale.GetByRole(AriaRole.Button, new() { Name = "Load the file" }).ClickAsync();

        await stale.GetByRole(AriaRole.Alert).GetByText("Nothing was done").WaitForAsync();
        Assert.Equal("Discarded", await stale.Locator("h1").InnerTextAsync());
        Assert.Equal(404, await keeper.GoAsync("/plans/REG-20"));
    }

    [Fact]
    public async Task A_form_without_a_file_or_with_one_of_another_kind_says_what_to_correct()
    {
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync(Keeper);
        await keeper.GoAsync("/uploads/new");
        await keeper.PressAsync("Check the file");
        var summary = keeper.Page.GetByRole(AriaRole.Alert);
        await Person.HasAsync(2, summary.GetByRole(AriaRole.Link));
        Assert.Equal(
            ["Select what is in the file", "Choose a file"],
            await summary.GetByRole(AriaRole.Link).AllInnerTextsAsync()
        );

        await SendAsync(keeper, Person.AFile("register.pdf", "%PDF"));
        await summary.GetByText("The file must be CSV").ClickAsync();
        Assert.EndsWith("#upload", keeper.Page.Url, StringComparison.Ordinal);
        await SendAsync(keeper, Person.AFile("register.csv", "Robyn,Dorfield\n"));
        await summary.GetByText("The first line must name the columns").WaitForAsync();
        await SendAsync(keeper, Person.AFile("register.csv", "refused_because," + Header), Whole);
        await summary.GetByText("This is a list of refused lines").WaitForAsync();
        Assert.True(await keeper.Page.GetByLabel(Whole).IsCheckedAsync());
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_in_words()
    {
        var file = new FileInfo(Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7()}.csv"));
        try
        {
            await using (var large = file.Create())
                large.SetLength(257L * 1024 * 1024);
            await using var keeper = await chromium.OpenAsync(hub.Address);
            await keeper.SignInAsync(Keeper);
            await keeper.GoAsync("/uploads/new");
            await keeper.Page.GetByLabel(Changes).CheckAsync();
            await keeper.Page.GetByLabel("The file").SetInputFilesAsync(file.FullName);
            await keeper.PressAsync("Check the file");

            await keeper.Page.GetByRole(AriaRole.Alert).GetByText("larger than 256 MB").WaitForAsync();
        }
        finally
        {
            file.Delete();
        }
    }

    [Fact]
    public async Task Anothers_plan_or_upload_is_the_same_404_as_a_missing_one()
    {
        var theirs = await hub.CheckAsync(TheHub.Eastvale, Header + Line("EAST-1", 7200));
        await hub.RegisterAsync(
            TheHub.Eastvale,
            "EAST-2",
            new Child(Synthetic.NhsNumber(7201).Reveal(), "Larkhill", "Una", "2015-06-07")
        );
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync(Keeper);

        string[] pages =
        [
            "/plans/EAST-2",
            $"/uploads/{theirs}",
            $"/uploads/{theirs}/lines",
            $"/uploads/{theirs}/endings",
        ];
        var answers = new HashSet<(int, string)>();
        foreach (var page in pages.Append("/plans/NONE").Append($"/uploads/{Guid.CreateVersion7()}"))
            answers.Add((await keeper.GoAsync(page), await keeper.Page.Locator("main").InnerTextAsync()));

        Assert.Equal(404, Assert.Single(answers).Item1);
    }

    [Fact]
    public async Task Without_the_plan_registry_each_page_says_what_is_missing()
    {
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync(Keeper);
        var (address, replica) = await hub.StartWithoutAsync("PlanRegistry");
        await using (replica)
        {
            foreach (var (path, heading) in new[] { ("plans", "Plans"), ("uploads", "Uploads") })
            {
                Assert.Equal(503, await keeper.GoAsync(new Uri(address, path).AbsoluteUri));
                Assert.Equal(heading, await keeper.HeadingAsync());
                await keeper.SeesAsync("Plans and look-ups cannot be reached right now");
            }

            Assert.Equal(200, await keeper.GoAsync(new Uri(address, "uploads/new").AbsoluteUri));
            await SendAsync(keeper, Person.AFile("register.csv", Header), Changes);
            await keeper.Page.GetByRole(AriaRole.Alert).GetByText("Nothing was changed").WaitForAsync();
        }
    }

    [Fact]
    public async Task Who_only_reads_plans_finds_no_way_to_load_a_file()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");

        Assert.Equal(0, await worker.Page.GetByRole(AriaRole.Link, new() { Name = "Uploads" }).CountAsync());
        Assert.Equal(200, await worker.GoAsync("/plans"));
        Assert.Equal(403, await worker.GoAsync("/uploads/new"));
        await worker.SeesAsync("plan keeper, safeguarding lead");
    }

    [Theory]
    [InlineData("Moorend", "Plans are not found by name")]
    [InlineData("900 000 000", "one of its digits is wrong")]
    [InlineData("9000000001", "one of its digits is wrong")]
    public async Task A_name_or_a_number_that_is_wrong_does_not_come_into_the_address(string typed, string said)
    {
        await using var keeper = await chromium.OpenAsync(hub.Address);
        await keeper.SignInAsync(Keeper);
        await keeper.GoAsync("/plans");

        await keeper.Page.GetByLabel("Find a plan").FillAsync(typed);
        await keeper.PressAsync("Find");

        await keeper.Page.GetByRole(AriaRole.Alert).GetByText(said).WaitForAsync();
        Assert.EndsWith("/plans", keeper.Page.Url, StringComparison.Ordinal);
    }

    private static async Task SendAsync(Person keeper, FilePayload file, string mode = Changes)
    {
        await keeper.Page.GetByLabel(mode).CheckAsync();
        await keeper.Page.GetByLabel("The file").SetInputFilesAsync(file);
        await keeper.PressAsync("Check the file");
    }

    private static string Line(
        string reference,
        int child,
        string kind = "child-protection",
        string family = "Moorend"
    ) => $"{reference},{kind},2026-01-05,{Synthetic.NhsNumber(child).Reveal()},{family},Robyn,2016-04-04\n";

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
