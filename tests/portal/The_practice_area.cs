using Microsoft.Playwright;
using Safeguarding.Portal.Practice;
using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>A learner lets invented families' stories happen, and finds what came of it on the real desk.</summary>
[Collection<OneBrowser>]
public sealed class The_practice_area(TheHub hub, Chromium chromium)
{
    private const string Header = "Practice: invented families. Nothing here is about a real child.";

    [Fact]
    public async Task A_duty_worker_lets_Robyn_arrive_acknowledges_the_alert_and_takes_everything_back()
    {
        var (practice, process) = await hub.StartForPracticeAsync();
        await using var replica = process;
        await using var worker = await chromium.OpenAsync(hub.Address, scripts: true);
        await worker.SignInAsync("Edwin Farrow");
        await worker.GoAsync(new Uri(practice, "practice").AbsoluteUri);
        await worker.SeesAsync(Header);
        await worker.IsAccessibleAsync();
        await worker.PressAsync("1. Robyn, who keeps coming back");
        await worker.SeesAsync("What came of it");
        await worker.IsAccessibleAsync();

        await worker.PressAsync("Let Robyn arrive at Meadowbank now");
        await worker.SeesAsync("Sent by Meadowbank General, Emergency Department.");
        var alert = worker.Page.Locator("main li").Filter(new() { HasText = "Open" }).GetByRole(AriaRole.Link).First;
        await alert.WaitForAsync();
        await worker.SeesAsync("What came of it is below.");
        await worker.PictureAsync("practice");
        await worker.IsAccessibleAsync();

        await alert.ClickAsync();
        await worker.SeesAsync(Header);
        await worker.PressAsync("I am dealing with this");
        await worker.SeesAsync("Acknowledged by Edwin Farrow");

        await worker.GoAsync(new Uri(practice, "practice/1").AbsoluteUri);
        await worker.PressAsync("Take everything back");
        await worker.SeesAsync("Everything that was sent of this family is taken back");
        await UntilAsync(worker, new Uri(practice, "practice/1"), isOpen: false);

        // What was taken back can be let happen again, and is an alert again.
        await worker.PressAsync("Let Robyn arrive at Meadowbank now");
        await UntilAsync(worker, new Uri(practice, "practice/1"), isOpen: true);
        await worker.PressAsync("Take everything back");
    }

    /// <summary>Each brings what its file says, to the desk of each council with a plan.</summary>
    [Fact]
    public async Task Every_event_of_every_family_brings_what_its_story_says()
    {
        var (practice, process) = await hub.StartForPracticeAsync();
        await using var replica = process;
        Assert.Equal(Enumerable.Range(1, 12), Stories.Families.Select(family => family.Number));
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        await using var reviewer = await chromium.OpenAsync(hub.Address);
        await reviewer.SignInAsync("Freya Gorton");
        await using var neighbour = await chromium.OpenAsync(hub.Address);
        await neighbour.SignInAsync("Kezia Lowther");
        foreach (var family in Stories.Families)
        {
            var story = new Uri(practice, $"practice/{family.Number}");
            foreach (var happens in family.Events)
            {
                await worker.GoAsync(story.AbsoluteUri);
                await worker.PressAsync(happens.Let);
                await worker.SeesAsync("Sent by");
                var asked = happens.Brings is Brings.Question ? reviewer : worker;
                if (happens.Brings is Brings.Nothing)
                    await worker.SeesAsync("Nothing comes of it, and rightly");
                else
                    await UntilLinkAsync(asked, worker.Page.Url, happens);
            }

            if (family.Plans.Any(plan => plan.Council == TheHub.Eastvale))
                await UntilLinkAsync(neighbour, story.AbsoluteUri, family.Events[0]);
            await worker.GoAsync(story.AbsoluteUri);
            if (family.Events.TrueForAll(one => one.Brings is Brings.Nothing))
                Assert.Equal(0, await worker.Page.Locator("main a[href^='/alerts/']").CountAsync());
            await worker.PressAsync("Take everything back");
            await worker.SeesAsync("Everything that was sent of this family is taken back");
        }
    }

    [Fact]
    public async Task Another_councils_person_reads_a_story_and_cannot_let_it_happen()
    {
        var (practice, process) = await hub.StartForPracticeAsync();
        await using var replica = process;
        await using var neighbour = await chromium.OpenAsync(hub.Address);
        await neighbour.SignInAsync("Kezia Lowther");
        await neighbour.GoAsync(new Uri(practice, "practice/1").AbsoluteUri);
        await neighbour.SeesAsync("This story comes to another council’s desk.");
        Assert.Equal(0, await neighbour.Page.Locator("main form").CountAsync());

        // A form of a story of their own, sent to another's address.
        await neighbour.GoAsync(new Uri(practice, "practice/11").AbsoluteUri);
        var token = await neighbour
            .Page.Locator("main input[name=__RequestVerificationToken]")
            .First.GetAttributeAsync("value");
        var answer = await neighbour.Window.APIRequest.PostAsync(
            new Uri(practice, "practice/1?handler=Let").AbsoluteUri,
            new()
            {
                Form = neighbour
                    .Window.APIRequest.CreateFormData()
                    .Set("Event", "arrives")
                    .Set("__RequestVerificationToken", token!),
            }
        );
        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task Where_the_hub_is_not_for_practice_there_is_no_such_page_and_no_header()
    {
        await using var worker = await chromium.OpenAsync(hub.Address);
        await worker.SignInAsync("Edwin Farrow");
        Assert.Equal(404, await worker.GoAsync("/practice"));
        Assert.Equal(404, await worker.GoAsync("/practice/1"));
        Assert.Equal(0, await worker.Page.GetByText(Header).CountAsync());
    }

    [Fact]
    public async Task The_portal_does_not_start_for_practice_in_production()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() =>
            hub.StartWithAsync(
                ("Portal:Practice", "true"),
                ("Portal:PracticeKey", "none"),
                ("HUB_ENVIRONMENT", "Production")
            )
        );
        var log = await File.ReadAllTextAsync(
            refused.Message.Split("see ")[^1].Trim(),
            TestContext.Current.CancellationToken
        );
        Assert.Contains("HUB_ENVIRONMENT is production", log, StringComparison.Ordinal);
    }

    // Else all are withdrawn.
    private static Task<(int, int)> UntilAsync(Person person, Uri story, bool isOpen) =>
        Eventually.UntilAsync(
            async () =>
            {
                await person.GoAsync(story.AbsoluteUri);
                var found = person.Page.Locator("main li:has(a[href^='/alerts/'])");
                return (
                    await found.CountAsync(),
                    await found.Filter(new() { HasText = isOpen ? "Open" : "Withdrawn" }).CountAsync()
                );
            },
            counts => isOpen ? counts.Item2 > 0 : counts.Item1 > 0 && counts.Item2 == counts.Item1
        );

    private static Task<int> UntilLinkAsync(Person person, string address, FamilyEvent happens) =>
        Eventually.UntilAsync(
            async () =>
            {
                await person.GoAsync(address);
                return await person
                    .Page.Locator(
                        happens.Brings is Brings.Question
                            ? "main a[href^='/reviews/']"
                            : "main li:has(a[href^='/alerts/']):has-text('Open')"
                    )
                    .CountAsync();
            },
            count => count > 0
        );
}
