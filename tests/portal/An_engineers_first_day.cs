using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>Connecting a case system: an endpoint, its secret, test events, deliveries and those that failed.</summary>
[Collection<OneBrowser>]
public sealed class An_engineers_first_day(TheHub hub, Chromium chromium) : IAsyncLifetime
{
    private static readonly Child Fflur = new("9100001023", "Gorsedale", "Fflur", "2015-07-08");
    private const string Raised = "uk.safeguarding-hub.alert.raised.v1";
    private readonly string _address = $"http://127.0.0.1:{FreePort.Next()}/hooks";
    private WebApplication _caseSystem = null!;
    private volatile int _answer = StatusCodes.Status204NoContent;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(new Uri(_address).GetLeftPart(UriPartial.Authority));
        _caseSystem = builder.Build();
        _caseSystem.MapPost("/hooks", () => Results.StatusCode(_answer));
        await _caseSystem.StartAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_has_not_signed_in_reads_what_each_operation_takes_and_answers()
    {
        await using var visitor = await chromium.OpenAsync(hub.Address, scripts: true);
        await visitor.GoAsync("/");
        await visitor
            .Page.GetByRole(AriaRole.Main)
            .GetByRole(AriaRole.Link, new() { Name = "API reference" })
            .ClickAsync();
        await Person.HasAsync(5, visitor.Page.GetByRole(AriaRole.Table));
        await visitor.IsAccessibleAsync();
        await visitor.PressAsync("POST /alerts/claim");
        Assert.Equal("POST /alerts/claim", await visitor.HeadingAsync());
        await visitor.SeesAsync("alert.read");
        await visitor.IsAccessibleAsync();
        await visitor.PictureAsync("api-reference");
        await visitor.Page.GetByText("429: ").ClickAsync();
        await visitor.IsAccessibleAsync();
        Assert.Equal(404, await visitor.GoAsync("/api-reference/notification/none"));
        Assert.Equal(404, await visitor.GoAsync("/api-reference?handler=document&service=../secrets"));
    }

    [Fact]
    public async Task An_endpoint_is_added_tried_and_repaired_and_what_it_refused_is_sent_again()
    {
        await using var engineer = await chromium.OpenAsync(hub.Address, scripts: true);
        await engineer.SignInAsync("Imani Jarrow");
        await engineer.PressAsync("Integration");
        await engineer.PressAsync("Add an endpoint");
        await engineer.PressAsync("Add the endpoint");
        await Person.HasAsync(3, engineer.Page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link));
        await engineer.IsAccessibleAsync();
        await engineer.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("case-system");
        await engineer.Page.GetByLabel("Webhook").CheckAsync();
        await engineer.Page.GetByLabel("Where to").FillAsync(_address);
        await engineer.PressAsync("Add the endpoint");
        var secret = await engineer.Page.Locator("code").InnerTextAsync();
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);

        await engineer.PressAsync("Send a test event to case-system");
        await engineer.PressAsync("Send the test event");
        await engineer.SeesAsync("Test event: Delivered (HTTP 204)");
        _answer = StatusCodes.Status400BadRequest;
        await engineer.PressAsync("Send the test event");
        await engineer.SeesAsync("Test event: The endpoint refused it (HTTP 400)");
        await engineer.PressAsync("Make a new secret");
        var newest = await engineer.Page.Locator("code").InnerTextAsync();
        Assert.NotEqual(secret, newest);
        // The browser sends the form again, and no third secret is made.
        await engineer.Page.ReloadAsync();
        await engineer.SeesAsync("The secret was already replaced after you opened this page.");
        await engineer.IsAccessibleAsync();

        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0500", Fflur);
        await hub.ArriveAsync(Fflur);
        await engineer.UntilRowAsync("/integration/endpoints/case-system?state=parked");
        await engineer.IsAccessibleAndNarrowAsync();
        await engineer.PictureAsync("endpoint");
        _answer = StatusCodes.Status204NoContent;
        await engineer.Page.GetByLabel("The last 24 hours").CheckAsync();
        await engineer.PressAsync("Count them first");
        await engineer.SeesAsync("would be sent again");
        await engineer.PressAsync("Send again");
        await engineer.UntilRowAsync("/integration/endpoints/case-system?state=delivered");

        await engineer.Page.Locator("tbody a").First.ClickAsync();
        await engineer.SeesAsync("The endpoint refused it (HTTP 400)");
        await engineer.IsAccessibleAndNarrowAsync();
        await engineer.GoAsync("/integration");
        await engineer.Page.GetByText("Answers", new() { Exact = true }).WaitForAsync();
        await engineer.IsAccessibleAsync();
        await engineer.PressAsync("case-system");
        await engineer.PressAsync("Remove this endpoint");
        await engineer.IsAccessibleAsync();
        await engineer.PressAsync("Remove the endpoint");
        await engineer.SeesAsync("Alerts are sent nowhere");
    }

    [Fact]
    public async Task An_address_for_e_mail_is_added_and_its_messages_lead_to_the_portal()
    {
        await using var engineer = await chromium.OpenAsync(hub.Address);
        await engineer.SignInAsync("Imani Jarrow");
        var (address, replica) = await hub.StartWithAsync(("Hub:PublicUrl", "https://portal.northmoor.example/"));
        await using (replica)
        {
            await engineer.GoAsync(new Uri(address, "/integration/new-endpoint").AbsoluteUri);
            await engineer.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("night-desk");
            await engineer.Page.GetByLabel("E-mail").CheckAsync();
            await engineer.Page.GetByLabel("Where to").FillAsync("nights@northmoor.example");
            await engineer.PressAsync("Add the endpoint");
            await engineer.SeesAsync("night-desk");
        }

        await engineer.GoAsync("/integration/endpoints/night-desk");
        await engineer.SeesAsync("nights@northmoor.example");
        await engineer.SeesAsync("https://portal.northmoor.example/alerts/{alert}");
        Assert.Equal(0, await engineer.Page.GetByText("Make a new secret").CountAsync());
        await engineer.PressAsync("Remove this endpoint");
        await engineer.PressAsync("Remove the endpoint");
        await engineer.Page.GetByRole(AriaRole.Heading, new() { Name = "Integration" }).WaitForAsync();
    }

    [Fact]
    public async Task The_catalogue_shows_a_sample_and_the_schema_of_each_type()
    {
        await using var engineer = await chromium.OpenAsync(hub.Address, scripts: true);
        await engineer.SignInAsync("Imani Jarrow");
        await engineer.GoAsync("/integration/events");
        await engineer.IsAccessibleAsync();
        await engineer.PressAsync(Raised);
        Assert.Contains(
            "\"type\"",
            await engineer.Page.Locator("pre").First.InnerTextAsync(),
            StringComparison.Ordinal
        );
        await engineer.IsAccessibleAsync();
        Assert.Equal(404, await engineer.GoAsync("/integration/endpoints/none"));
    }

    [Fact]
    public async Task A_trusts_engineer_sees_what_the_hub_refused_and_what_was_accepted_since()
    {
        await using var engineer = await chromium.OpenAsync(hub.Address, scripts: true);
        await engineer.SignInAsync("Wilf Yarrow");
        await engineer.PressAsync("Rejected messages");
        await engineer.SeesAsync("Nothing was refused in the last four weeks");
        await engineer.IsAccessibleAsync();

        await hub.SendWithoutStatusAsync(Fflur);
        await engineer.UntilRowAsync("/refused");

        await engineer.SeesAsync("status-missing");
        await engineer.SeesAsync("Not accepted");
        Assert.Contains(
            "Encounter.status",
            await engineer.Page.Locator("main").InnerTextAsync(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(Fflur.Family, await engineer.Page.ContentAsync(), StringComparison.Ordinal);
        await engineer.IsAccessibleAsync();
        Assert.Equal(403, await engineer.GoAsync("/integration"));
    }

    public async ValueTask DisposeAsync() => await _caseSystem.DisposeAsync();
}
