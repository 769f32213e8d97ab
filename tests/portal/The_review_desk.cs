using Microsoft.Playwright;
using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>The reviewer's queue. Browsers run no scripts, so everything works without.</summary>
[Collection<OneBrowser>]
public sealed class The_review_desk(TheHub hub, Chromium chromium)
{
    private const string Freya = "Freya Gorton";
    private const string Vera = "Vera Winslow";

    [Fact]
    public async Task A_reviewer_takes_the_next_decides_and_undoes_what_the_duty_desk_then_sees()
    {
        await hub.AskAboutAsync("CP-2026-0400", new("9000000041", "Larkrise", "Erin", "2013-03-09"));
        await using var reviewer = await chromium.OpenAsync(hub.Address);
        await using var worker = await chromium.OpenAsync(hub.Address);
        await reviewer.SignInAsync(Freya);
        await worker.SignInAsync("Edwin Farrow");
        var path = await reviewer.FindReviewAsync("CP-2026-0400");

        var again = await reviewer.BesideAsync("/reviews");
        foreach (var click in new[] { reviewer, again })
        {
            await click.PressAsync("Start the next one");
            Assert.EndsWith(path, click.Page.Url, StringComparison.Ordinal);
        }

        Assert.Equal("Is this patient the child on plan CP-2026-0400?", await reviewer.HeadingAsync());
        Assert.Equal("01632 960001", await reviewer.Page.Locator(".portal-ring__number").InnerTextAsync());
        await reviewer.SeesAsync("99.9 % is needed to alert by itself");
        var (differs, agrees) = (await GroupAsync(reviewer, "What differs"), await GroupAsync(reviewer, "What agrees"));
        Assert.Matches("Family name\\s+Larkrise\\s+Different", differs);
        Assert.Matches("NHS number\\s+900 000 0041\\s+The same", agrees);
        await reviewer.DecideAsync("Same child", "The ward confirms it.");
        await reviewer.SeesAsync($"Same child: decided by {Freya}");

        await worker.OpenAlertAsync("CP-2026-0400");
        await reviewer.PressAsync("Undo this decision");
        await reviewer.Page.GetByLabel("Why do you undo it?").FillAsync("It was the sister.");
        await reviewer.PressAsync("Undo the decision");
        await reviewer.SeesAsync("Decision taken back");
        await Eventually.UntilAsync(
            async () =>
            {
                await worker.Page.ReloadAsync();
                return await worker.Page.GetByText("a reviewer took the match back").CountAsync();
            },
            count => count == 1
        );
        await reviewer.CloseReviewAsync(path);
    }

    [Fact]
    public async Task A_decision_that_is_sent_twice_is_made_once_and_another_is_refused()
    {
        await hub.AskAboutAsync("CP-2026-0401", new("9000000068", "Orrinside", "Fflur", "2012-07-21"));
        await using var reviewer = await chromium.OpenAsync(hub.Address);
        await reviewer.SignInAsync(Freya);
        var path = await reviewer.FindReviewAsync("CP-2026-0401");
        await reviewer.GoAsync(path);
        await reviewer.PressAsync("Start this review");
        var (again, other) = (await reviewer.BesideAsync(path), await reviewer.BesideAsync(path));

        await reviewer.DecideAsync("I cannot tell", "Nobody answers at the ward.");
        await reviewer.SeesAsync("The patient's next attendance is asked about again");
        await again.DecideAsync("I cannot tell", "Nobody answers at the ward.");
        await again.SeesAsync($"Cannot tell: decided by {Freya}");
        Assert.Equal(0, await again.Page.GetByRole(AriaRole.Alert).CountAsync());
        await other.DecideAsync("Same child", "On second thoughts.");
        await other.SeesAsync("What you sent is not recorded");
        await other.SeesAsync($"Cannot tell: decided by {Freya}");

        Assert.Equal(1, await other.Page.GetByText("Decided: cannot tell").CountAsync());
        await reviewer.GoAsync("/reviews?state=decided");
        await reviewer.Page.GetByRole(AriaRole.Link, new() { Name = "CP-2026-0401" }).WaitForAsync();
    }

    [Fact]
    public async Task Of_two_reviewers_one_has_the_question_and_the_other_gives_a_second_opinion()
    {
        await hub.AskAboutAsync("CP-2026-0402", new("9000000076", "Pennarth", "Gwilym", "2011-01-30"));
        await using var freya = await chromium.OpenAsync(hub.Address);
        await using var vera = await chromium.OpenAsync(hub.Address);
        await freya.SignInAsync(Freya);
        await vera.SignInAsync(Vera);
        var path = await freya.FindReviewAsync("CP-2026-0402");
        await vera.GoAsync(path);

        await freya.GoAsync(path);
        await freya.PressAsync("Start this review");
        var stale = await freya.BesideAsync(path);
        await vera.PressAsync("Start this review");
        await vera.SeesAsync("Another reviewer has claimed this question");
        await vera.SeesAsync($"{Freya} (reviewer ");
        await vera.SeesAsync("has this review until");
        Assert.Equal(0, await vera.Page.GetByRole(AriaRole.Button, new() { Name = "Decide" }).CountAsync());

        await freya.PressAsync("Put back in the queue");
        await vera.GoAsync(path);
        await vera.PressAsync("Start this review");
        await stale.DecideAsync("Same child", "I know the family.");
        await stale.SeesAsync("Another reviewer has claimed this question");

        await vera.DecideAsync("Not this child", "Another school.", "Ask a colleague to decide");
        await vera.SeesAsync("You gave the first opinion");
        await freya.GoAsync(path);
        Assert.Equal(0, await freya.Page.GetByText("Another school.").CountAsync());
        await freya.PressAsync("Start this review");
        await freya.DecideAsync("Not this child", "Another school, says the ward.");
        await freya.SeesAsync("First opinion: not this child");
    }

    [Fact]
    public async Task Another_councils_review_is_the_same_404_as_one_that_is_missing()
    {
        await hub.AskAboutAsync("CP-2026-0403", new("9000000084", "Quernmore", "Huw", "2010-10-02"));
        await using var reviewer = await chromium.OpenAsync(hub.Address);
        await using var stranger = await chromium.OpenAsync(hub.Address);
        await using var worker = await chromium.OpenAsync(hub.Address);
        await reviewer.SignInAsync(Freya);
        var path = await reviewer.FindReviewAsync("CP-2026-0403");

        await stranger.SignInAsync("Lorcan Mayhew", $"reviewer of {TheHub.Eastvale}");
        await stranger.GoAsync("/reviews");
        Assert.Equal("Possible matches", await stranger.HeadingAsync());
        Assert.Equal(0, await stranger.Page.GetByText("CP-2026-0403").CountAsync());
        foreach (var page in new[] { "", "/undo" })
        {
            var others = (await stranger.GoAsync(path + page), await stranger.Page.Locator("main").InnerTextAsync());
            var missing = (
                await stranger.GoAsync($"/reviews/{Guid.CreateVersion7()}{page}"),
                await stranger.Page.Locator("main").InnerTextAsync()
            );
            Assert.Equal(404, others.Item1);
            Assert.Equal(missing, others);
        }

        await worker.SignInAsync("Edwin Farrow");
        Assert.Equal(0, await worker.Page.GetByRole(AriaRole.Link, new() { Name = "Possible matches" }).CountAsync());
        Assert.Equal(403, await worker.GoAsync(path));
        await reviewer.CloseReviewAsync(path);
    }

    [Fact]
    public async Task Without_the_matching_service_the_desk_says_so_and_keeps_what_was_typed()
    {
        await hub.AskAboutAsync("CP-2026-0404", new("9000000092", "Ravensholt", "Ianto", "2009-12-12"));
        await using var reviewer = await chromium.OpenAsync(hub.Address);
        await reviewer.SignInAsync(Freya);
        var path = await reviewer.FindReviewAsync("CP-2026-0404");
        await reviewer.GoAsync(path);
        await reviewer.PressAsync("Start this review");
        var form = reviewer.Page.Locator("#decide");
        var sent = reviewer.Window.APIRequest.CreateFormData();
        foreach (var field in new[] { "Version", "__RequestVerificationToken" })
            sent.Append(field, await form.Locator($"[name={field}]").InputValueAsync());
        sent.Append("Verdict", "NotThisChild");
        sent.Append("Reason", "Another surname, says the ward.");

        var (address, replica) = await hub.StartWithoutAsync("Matching");
        await using (replica)
        {
            Assert.Equal(503, await reviewer.GoAsync(new Uri(address, "/reviews").AbsoluteUri));
            await reviewer.SeesAsync("Reviews cannot be reached right now");
            Assert.Equal(503, await reviewer.GoAsync(new Uri(address, "/reviews/figures").AbsoluteUri));
            var answer = await reviewer.Window.APIRequest.PostAsync(
                new Uri(address, $"{path}?handler=Decide").AbsoluteUri,
                new() { Form = sent }
            );
            Assert.Equal(503, answer.Status);
            var page = await answer.TextAsync();
            Assert.Contains("Another surname, says the ward.", page, StringComparison.Ordinal);
            Assert.Matches("value=\"NotThisChild\" checked", page);
        }

        await reviewer.CloseReviewAsync(path);
    }

    private static async Task<string> GroupAsync(Person reviewer, string heading) =>
        await reviewer.Page.Locator("tbody", new() { HasText = heading }).InnerTextAsync();
}
