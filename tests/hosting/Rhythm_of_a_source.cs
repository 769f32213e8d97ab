using Safeguarding.Operations.Sources;

namespace Safeguarding.Hosting.Tests;

/// <summary>
/// When a silence is strange, for sources that send in different ways. All weeks are made, none is
/// random.
/// </summary>
public sealed class Rhythm_of_a_source
{
    private const int Weeks = 8;

    // A Monday, in winter time.
    private static readonly DateTimeOffset Now = new(2026, 2, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Since = Now.AddDays(-7 * Weeks);

    [Fact]
    public void A_busy_trust_is_missed_within_the_hour_and_not_within_ten_minutes()
    {
        var rhythm = Learn(hour => 18 + (hour.Day % 5));

        Assert.True(rhythm.ChanceOfSilence(Now, Now.AddMinutes(10)) > SourceWatch.Strange);
        Assert.True(rhythm.ChanceOfSilence(Now, Now.AddMinutes(60)) < SourceWatch.Strange);
        Assert.Equal(20, rhythm.Expected(Now, Now.AddMinutes(60)), 0.5);
    }

    [Fact]
    public void A_nightly_register_may_be_late_a_night_and_is_missed_within_the_week()
    {
        var rhythm = Learn(hour => hour.Hour == 2 ? 1 : 0);
        var last = Now.Date.AddHours(2);

        Assert.True(rhythm.ChanceOfSilence(new(last, default), new(last.AddHours(30), default)) > SourceWatch.Strange);
        Assert.True(rhythm.ChanceOfSilence(new(last, default), new(last.AddDays(5), default)) < SourceWatch.Strange);
    }

    [Fact]
    public void One_that_sends_in_bursts_is_given_more_time_than_one_that_sends_evenly()
    {
        bool Monday(DateTimeOffset hour) => hour is { DayOfWeek: DayOfWeek.Monday, Hour: 9 };
        var bursts = Learn(hour => Monday(hour) && hour.DayOfYear / 7 % 2 == 0 ? 60 : 0);
        var even = Learn(hour => Monday(hour) ? 30 : 0);

        Assert.True(bursts.ChanceOfSilence(Now, Now.AddHours(1)) > 0.01);
        Assert.True(even.ChanceOfSilence(Now, Now.AddHours(1)) < SourceWatch.Strange);
    }

    [Fact]
    public void A_clinic_that_is_closed_at_night_is_not_missed_at_night()
    {
        var rhythm = Learn(hour => hour.Hour is >= 9 and < 17 ? 6 : 0);
        var closed = Now.Date.AddHours(17);

        Assert.Equal(1, rhythm.ChanceOfSilence(new(closed, default), new(closed.AddHours(16), default)), 9);
        Assert.True(
            rhythm.ChanceOfSilence(new(closed, default), new(closed.AddHours(19), default)) < SourceWatch.Strange
        );
    }

    [Fact]
    public void The_hour_is_that_of_the_clock_on_the_wall_when_the_clocks_change()
    {
        // Summer time begins on 29 March 2026: nine in the morning is 08:00 UTC from then on.
        var after = new DateTimeOffset(2026, 3, 30, 0, 0, 0, TimeSpan.Zero);
        var rhythm = Rhythm.Learn(
            after.AddDays(-28),
            Hours(after.AddDays(-28), after.AddDays(-1), hour => hour.Hour == 9 ? 10 : 0),
            after.AddDays(-1)
        )!;

        Assert.Equal(10, rhythm.Expected(after.AddHours(8), after.AddHours(9)), 9);
        Assert.Equal(0, rhythm.Expected(after.AddHours(9), after.AddHours(10)), 9);
    }

    [Fact]
    public void Nothing_is_strange_before_two_weeks_are_known() =>
        Assert.Null(Rhythm.Learn(Now.AddDays(-13), Hours(Now.AddDays(-13), Now, _ => 20), Now));

    [Fact]
    public void What_is_longer_ago_than_eight_weeks_is_another_season()
    {
        var begin = Now.AddDays(-7 * 20);
        var rhythm = Rhythm.Learn(begin, Hours(begin, Now, hour => hour < Since ? 500 : 20), Now)!;

        Assert.Equal(20, rhythm.Expected(Now, Now.AddHours(1)), 9);
    }

    private static Rhythm Learn(Func<DateTimeOffset, int> arrivals) =>
        Rhythm.Learn(Since, Hours(Since, Now, arrivals), Now)!;

    private static Dictionary<DateTimeOffset, int> Hours(
        DateTimeOffset from,
        DateTimeOffset to,
        Func<DateTimeOffset, int> arrivals
    ) =>
        Enumerable
            .Range(0, (int)(to - from).TotalHours)
            .Select(hour => from.AddHours(hour))
            .ToDictionary(hour => hour, arrivals);
}
