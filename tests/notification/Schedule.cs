using System.Net;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Tests;

public sealed class Schedule
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 30)]
    [InlineData(3, 120)]
    [InlineData(4, 300)]
    [InlineData(5, 300)]
    [InlineData(100_000, 300)]
    public void Waits_grow_to_five_minutes_and_stay_there_for_ever(int failed, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.WaitAfter(failed, null, chance: 0));

    [Fact]
    public void Jitter_adds_a_fifth_at_most_and_never_takes_away() =>
        Assert.Equal(TimeSpan.FromSeconds(6), RetrySchedule.WaitAfter(1, null, chance: 1));

    [Theory]
    [InlineData(90, 90)]
    [InlineData(1, 5)]
    [InlineData(86_400, 3600)]
    [InlineData(-5, 5)]
    public void A_receiver_may_ask_for_more_time_but_not_for_more_than_an_hour(int asked, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.WaitAfter(1, TimeSpan.FromSeconds(asked), chance: 0));

    [Theory]
    [InlineData(200, nameof(AttemptOutcome.Delivered), nameof(NextStep.Done))]
    [InlineData(202, nameof(AttemptOutcome.Delivered), nameof(NextStep.Done))]
    [InlineData(301, nameof(AttemptOutcome.Redirected), nameof(NextStep.Retry))]
    [InlineData(400, nameof(AttemptOutcome.Rejected), nameof(NextStep.Park))]
    [InlineData(401, nameof(AttemptOutcome.Rejected), nameof(NextStep.Park))]
    [InlineData(404, nameof(AttemptOutcome.Rejected), nameof(NextStep.Park))]
    [InlineData(408, nameof(AttemptOutcome.NotReady), nameof(NextStep.Retry))]
    [InlineData(410, nameof(AttemptOutcome.Gone), nameof(NextStep.Park))]
    [InlineData(425, nameof(AttemptOutcome.NotReady), nameof(NextStep.Retry))]
    [InlineData(429, nameof(AttemptOutcome.Throttled), nameof(NextStep.Retry))]
    [InlineData(500, nameof(AttemptOutcome.ServerError), nameof(NextStep.Retry))]
    [InlineData(503, nameof(AttemptOutcome.ServerError), nameof(NextStep.Retry))]
    [InlineData(101, nameof(AttemptOutcome.AnswerInvalid), nameof(NextStep.Retry))]
    public void Every_status_has_one_class_and_one_consequence(int status, string outcome, string next)
    {
        var actual = AttemptOutcomes.Of((HttpStatusCode)status);

        Assert.Equal((outcome, next), (actual.ToString(), actual.NextStep().ToString()));
    }

    [Fact]
    public void Only_a_receiver_that_says_no_is_believed() =>
        Assert.Equal(
            [AttemptOutcome.Gone, AttemptOutcome.Rejected],
            Enum.GetValues<AttemptOutcome>().Where(outcome => outcome.NextStep() is NextStep.Park)
        );
}
