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
        await Person.HasAsync(5, person.Page.GetByText("Ready", new() { Exact = true }));
        await person.IsAccessibleAsync();

        await hub.BreakAMessageAsync();
        await TestKit.Eventually.UntilAsync(
            async () =>
            {
                await person.GoAsync("/operations");
                return await person.Page.GetByText("1 parked", new() { Exact = true }).CountAsync();
            },
            count => count == 1
        );
        await person.SeesAsync("matching has parked 1");
        await person.SeesAsync("Single events failed where others passed");
        Assert.Equal(
            6,
            await person
                .Page.GetByRole(AriaRole.Table, new() { Name = "The flow in figures" })
                .Locator("tbody tr")
                .CountAsync()
        );
        await person.IsAccessibleAsync();
        await person.PictureAsync("operations");
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
    public async Task The_flow_is_drawn_and_in_figures_kept_up_to_date_where_that_is_asked_for()
    {
        Child traits = new("9000000130", "Ravenfold", "Perran", "2015-03-02");
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0950", traits);
        await hub.ArriveAsync(traits);
        await using var person = await chromium.OpenAsync(hub.Address, scripts: true);
        await person.SignInAsync("Rhoda Selwyn");
        var encounters = person
            .Page.GetByRole(AriaRole.Row, new() { Name = "encounter-ingest to matching" })
            .GetByRole(AriaRole.Cell)
            .First;
        await TestKit.Eventually.UntilAsync(
            async () =>
            {
                await person.GoAsync("/operations");
                return await encounters.InnerTextAsync();
            },
            count => count != "0"
        );
        Assert.DoesNotContain(traits.Family, await person.Page.ContentAsync(), StringComparison.Ordinal);

        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Update every 10 seconds" }).ClickAsync();
        await person.SeesAsync("It loads again every 10 seconds.");
        var again = await person.Page.GotoAsync("/operations?live=true");
        Assert.Equal("10", (await again!.AllHeadersAsync())["refresh"]);

        await person.PressAsync("Stop");
        await person.PressAsync("Everybody who sends, and when they last did");
        await person
            .Page.GetByRole(AriaRole.Row)
            .Filter(new() { HasText = "Encounters or contacts" })
            .First.WaitForAsync();
        await person.IsAccessibleAsync();
        await person.GoAsync("/operations");
        await person.PressAsync("messages-parked");
        Assert.Equal("Single events failed where others passed", await person.HeadingAsync());
        await person.IsAccessibleAsync();
        Assert.Equal(404, await person.GoAsync("/operations/runbook/none"));
    }

    [Fact]
    public void A_runbook_page_has_no_markup_of_its_own_and_leads_nowhere_that_is_not_shown()
    {
        const string markdown =
            "# x: what\n\nA [page](alerts-slow.md), a [decision](../decisions/0001.md) <script>x</script> and "
            + "[more](https://a.example/b).\n";

        Assert.Equal(
            "<p class=\"govuk-body\">A <a href=\"/operations/runbook/alerts-slow\" class=\"govuk-link\">page</a>, a decision "
                + "&lt;script&gt;x&lt;/script&gt; and <a href=\"https://a.example/b\" class=\"govuk-link\">more</a>.</p>\n",
            Safeguarding.Portal.Services.Runbook.Of("x", markdown).Html
        );
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
            Assert.Equal(4, await person.Page.GetByText("Ready", new() { Exact = true }).CountAsync());
            Assert.Equal(1, await person.Page.GetByText("Not ready", new() { Exact = true }).CountAsync());
        }
    }
}
