using Microsoft.Playwright;

namespace Safeguarding.Portal.Tests;

/// <summary>The clinician's look-up.</summary>
[Collection<OneBrowser>]
public sealed class Looking_a_child_up(TheHub hub, Chromium chromium)
{
    private static readonly Child Cai = new("9000000025", "Ashgrove", "Cai", "2017-05-14");

    private static readonly Child Cerys = new("9000000289", "Quillfeather", "Cerys", "2016-02-29")
    {
        Postcode = "ZZ7 4QD",
    };

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
    public async Task Without_the_number_a_child_is_looked_up_by_names_and_birth_date()
    {
        await hub.RegisterAsync(TheHub.Northmoor, "CP-2026-0201", Cerys);
        await using var clinician = await chromium.OpenAsync(hub.Address, scripts: true);
        await clinician.SignInAsync("Asha Brindle");
        await clinician.GoAsync("/look-up");
        await clinician.PressAsync("I do not have the NHS number");
        await clinician.Page.GetByLabel("The patient is in my care").CheckAsync();
        await clinician.Page.GetByLabel("Family name").FillAsync("Quillfeather");
        await clinician.Page.GetByLabel("Given names").FillAsync("Cerys");
        await clinician.Page.GetByLabel("Day").FillAsync("29");
        await clinician.Page.GetByLabel("Year").FillAsync("2016");
        await clinician.PressAsync("Look up");

        var summary = clinician.Page.GetByRole(AriaRole.Alert);
        await summary.GetByRole(AriaRole.Link, new() { Name = "Date of birth must include a month" }).ClickAsync();
        Assert.EndsWith("#birthdate-month", clinician.Page.Url, StringComparison.Ordinal);
        await clinician.Page.GetByLabel("Month").FillAsync("2");
        await clinician.PressAsync("Look up");

        Assert.Equal("A child like this may be on a plan", await clinician.HeadingAsync());
        Assert.Matches("^01632 9601(00|99)$", await clinician.Page.Locator(".portal-ring__number").InnerTextAsync());
        Assert.DoesNotContain("child protection", await clinician.Page.Locator("main").InnerTextAsync());
        await clinician.IsAccessibleAndNarrowAsync();
        await clinician.PictureAsync("look-up-by-names");

        // The postcode makes it certain, and nothing of it is in an address or title.
        await clinician.PressAsync("Look another child up");
        await clinician.PressAsync("I do not have the NHS number");
        await clinician.Page.GetByLabel("The patient is in my care").CheckAsync();
        await clinician.Page.GetByLabel("Family name").FillAsync("Quillfeather");
        await clinician.Page.GetByLabel("Given names").FillAsync("Cerys");
        await clinician.Page.GetByLabel("Day").FillAsync("29");
        await clinician.Page.GetByLabel("Month").FillAsync("2");
        await clinician.Page.GetByLabel("Year").FillAsync("2016");
        await clinician.Page.GetByLabel("Postcode").FillAsync("ZZ7 4QD");
        await clinician.PressAsync("Look up");

        Assert.Equal("The child is known to a council", await clinician.HeadingAsync());
        await clinician.IsAccessibleAndNarrowAsync();
        Assert.EndsWith("/look-up/names", clinician.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("Quillfeather", await clinician.Page.TitleAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UNKNOWN", "1", "Cerys", "#familyname", "reads as no name")]
    [InlineData("Quillfeather", "30", "Cerys", "#birthdate-day", "Date of birth must be a real date")]
    public async Task Names_and_dates_that_find_nobody_are_to_be_corrected_at_their_field(
        string family,
        string day,
        string given,
        string field,
        string words
    )
    {
        await using var clinician = await chromium.OpenAsync(hub.Address);
        await clinician.SignInAsync("Asha Brindle");
        await clinician.GoAsync("/look-up/names");
        await clinician.Page.GetByLabel("The patient is in my care").CheckAsync();
        await clinician.Page.GetByLabel("Family name").FillAsync(family);
        await clinician.Page.GetByLabel("Given names").FillAsync(given);
        await clinician.Page.GetByLabel("Day").FillAsync(day);
        await clinician.Page.GetByLabel("Month").FillAsync("2");
        await clinician.Page.GetByLabel("Year").FillAsync("2016");
        await clinician.PressAsync("Look up");

        var error = clinician.Page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link);
        Assert.Contains(words, await error.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(field, await error.GetAttributeAsync("href"));
        Assert.Equal(given, await clinician.Page.GetByLabel("Given names").InputValueAsync());
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
        await Person.HasAsync(2, summary.GetByRole(AriaRole.Link));
        Assert.StartsWith("Error: ", await clinician.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Equal("9000000026", await clinician.Page.GetByLabel("NHS number").InputValueAsync());
        await summary.GetByRole(AriaRole.Link).First.ClickAsync();
        Assert.EndsWith("#purpose", clinician.Page.Url, StringComparison.Ordinal);
    }
}
