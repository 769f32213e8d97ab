using Microsoft.Playwright;

namespace Safeguarding.Portal.Tests;

/// <summary>An engineer pastes what their system would send, and reads what the hub would say.</summary>
[Collection<OneBrowser>]
public sealed class Checking_an_encounter(TheHub hub, Chromium chromium)
{
    private const string Page = "/check-encounter";
    private const string Field = "Encounter or Bundle";
    private const string Family = "Quillmarsh";

    private const string Faulty = $$"""
        {
          "resourceType": "Encounter",
          "identifier": [{"system": "https://trust.example/Id/visit", "value": "V1"}],
          "status": "completed",
          "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
          "subject": {"reference": "#p"},
          "contained": [{"resourceType": "Patient", "id": "p",
            "name": [{"family": "{{Family}}"}],
            "birthDate": "2016-02-30"}]
        }
        """;

    [Fact]
    public async Task Each_issue_stands_beside_its_line_until_nothing_is_left_to_correct()
    {
        await using var engineer = await chromium.OpenAsync(hub.Address, scripts: true);
        await engineer.SignInAsync("Wilf Yarrow");
        await engineer.PressAsync("Check a FHIR message");
        await engineer.IsAccessibleAsync();
        await engineer.PressAsync("Check it");
        await engineer
            .Page.GetByRole(AriaRole.Link, new() { Name = "Paste an Encounter or a Bundle, as JSON or XML" })
            .ClickAsync();
        Assert.StartsWith("Error: ", await engineer.Page.TitleAsync(), StringComparison.Ordinal);
        await engineer.IsAccessibleAsync();

        await engineer.Page.Locator(":focus").FillAsync(Faulty);
        await engineer.PressAsync("Check it");
        await engineer.SeesAsync("The hub would refuse it: 2 errors");
        Assert.Equal(
            ["\"status\"", "\"birthDate\""],
            (await engineer.Page.Locator("mark").AllInnerTextsAsync()).Where(text => text != "{")
        );
        Assert.Contains(
            "code-unknown",
            await engineer.Page.Locator("#line-4").InnerTextAsync(),
            StringComparison.Ordinal
        );
        await engineer.IsAccessibleAsync();
        await engineer.PictureAsync("check-encounter");
        // It is in this one answer and nowhere else.
        Assert.DoesNotContain(
            Family,
            $"{engineer.Page.Url} {await engineer.Page.TitleAsync()}",
            StringComparison.Ordinal
        );
        var kept = await engineer.Page.EvaluateAsync<int>("localStorage.length + sessionStorage.length");
        Assert.Equal(0, kept);
        Assert.Equal(200, await engineer.GoAsync(Page));
        Assert.Equal("", await engineer.Page.GetByLabel(Field).InputValueAsync());

        await engineer.Page.GetByLabel(Field).FillAsync("{\n  \"resourceType\": \"Encounter\",\n  oops\n}");
        await engineer.PressAsync("Check it");
        await engineer.SeesAsync("Line 3, column 3");
        await engineer.IsAccessibleAsync();

        await engineer
            .Page.GetByLabel("Correct it, and check it again")
            .FillAsync(
                Faulty
                    .Replace("completed", "arrived", StringComparison.Ordinal)
                    .Replace("02-30", "02-28", StringComparison.Ordinal)
            );
        await engineer.PressAsync("Check it");
        await engineer.SeesAsync("The hub would take it");
        await engineer.IsAccessibleAsync();
    }

    [Theory]
    [InlineData(300_000, "The text is larger than the hub takes. The limit is 262144 bytes")]
    [InlineData(1_200_000, "The text is too large to be checked here")]
    public async Task What_is_too_large_is_said_at_its_field(int length, string words)
    {
        await using var engineer = await chromium.OpenAsync(hub.Address, scripts: true);
        await engineer.SignInAsync("Xanthe Zeal");
        await engineer.GoAsync(Page);
        await engineer.Page.GetByLabel(Field).FillAsync($"{{\"resourceType\":\"{new string('x', length)}\"}}");
        await engineer.PressAsync("Check it");
        Assert.Contains(
            words,
            await engineer.Page.GetByRole(AriaRole.Alert).InnerTextAsync(),
            StringComparison.Ordinal
        );
        await engineer.Page.GetByLabel(Field).FillAsync("");
        await engineer.IsAccessibleAsync();
    }

    [Fact]
    public async Task A_Bundle_in_XML_is_checked_as_one_and_a_service_away_is_said()
    {
        const string bundle =
            "<?xml version=\"1.0\"?>\n<Bundle xmlns=\"http://hl7.org/fhir\">\n  <type value=\"transaction\"/>\n</Bundle>";
        await using var engineer = await chromium.OpenAsync(hub.Address);
        await engineer.SignInAsync("Wilf Yarrow");
        await engineer.GoAsync(Page);
        await engineer.Page.GetByLabel(Field).FillAsync(bundle);
        await engineer.PressAsync("Check it");
        await engineer.SeesAsync("encounter-missing");
        Assert.Equal(["Bundle"], await engineer.Page.Locator("mark").AllInnerTextsAsync());

        var (address, replica) = await hub.StartWithoutAsync("EncounterIngest");
        await using (replica)
        {
            await engineer.GoAsync(new Uri(address, Page).AbsoluteUri);
            await engineer.Page.GetByLabel(Field).FillAsync(bundle);
            await engineer.PressAsync("Check it");
            await engineer.SeesAsync("What trusts send cannot be reached right now");
            Assert.Contains(
                "transaction",
                await engineer.Page.GetByLabel(Field).InputValueAsync(),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Who_connects_no_systems_is_told_which_role_does()
    {
        await using var manager = await chromium.OpenAsync(hub.Address);
        await manager.SignInAsync("Imani Jarrow");
        Assert.Equal(403, await manager.GoAsync(Page));
        await manager.SeesAsync("integration engineer");
    }
}
