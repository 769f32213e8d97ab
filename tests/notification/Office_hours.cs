using System.Globalization;
using Safeguarding.Contracts.Councils;
using Safeguarding.Hosting.Hours;
using Safeguarding.Notification.Domain.Councils;

namespace Safeguarding.Notification.Tests;

/// <summary>An office's day is London's, in both directions of the clock, and holidays come from the file.</summary>
public sealed class Office_hours
{
    private static readonly string Shipped = Path.Combine(
        AppContext.BaseDirectory,
        "Hours",
        "bank-holidays-england.json"
    );
    private static readonly BankHolidays England = BankHolidays.Read(Shipped);

    [Theory]
    [InlineData("2026-11-20T09:00:00Z", true)] // Friday
    [InlineData("2026-11-20T08:59:59Z", false)]
    [InlineData("2026-11-20T16:59:59Z", true)]
    [InlineData("2026-11-20T17:00:00Z", false)]
    [InlineData("2026-11-21T12:00:00Z", false)] // Saturday
    [InlineData("2026-11-22T02:00:00Z", false)] // Sunday night
    [InlineData("2026-11-23T09:00:00Z", true)] // Monday
    [InlineData("2026-07-15T08:00:00Z", true)] // nine o'clock in summer
    [InlineData("2026-07-15T07:59:59Z", false)]
    [InlineData("2026-07-15T15:59:59Z", true)]
    [InlineData("2026-07-15T16:00:00Z", false)]
    public void A_council_that_has_sent_no_hours_is_open_from_nine_to_five_on_weekdays(string at, bool open) =>
        Assert.Equal(open, OfficeDay.IsOpen(null, England, Time(at)));

    [Theory]
    [InlineData("2026-03-27T09:00:00Z", true)] // Friday before, GMT
    [InlineData("2026-03-27T08:00:00Z", false)]
    [InlineData("2026-03-30T08:00:00Z", true)] // Monday after, BST
    [InlineData("2026-03-30T16:00:00Z", false)]
    [InlineData("2026-10-23T08:00:00Z", true)] // Friday before, BST
    [InlineData("2026-10-26T08:00:00Z", false)] // Monday after, GMT
    [InlineData("2026-10-26T16:30:00Z", true)]
    public void The_working_day_moves_with_the_clocks(string at, bool open) =>
        Assert.Equal(open, OfficeDay.IsOpen(null, England, Time(at)));

    [Theory]
    [InlineData("2026-03-29T00:30:00Z", true)] // 00:30 GMT
    [InlineData("2026-03-29T00:59:59Z", true)]
    [InlineData("2026-03-29T01:00:00Z", false)] // 02:00 BST: the hour from one to two does not come
    [InlineData("2026-10-25T00:15:00Z", true)] // 01:15 BST
    [InlineData("2026-10-25T01:15:00Z", true)] // 01:15 GMT, the second time
    [InlineData("2026-10-25T02:00:00Z", false)] // 02:00 GMT
    public void An_office_open_at_night_lives_through_both_changes_of_the_clocks(string at, bool open)
    {
        var nights = Calendar([new OfficeHours(DayOfWeek.Sunday, new TimeOnly(0, 0), new TimeOnly(2, 0))]);

        Assert.Equal(open, OfficeDay.IsOpen(nights, England, Time(at)));
    }

    [Theory]
    [InlineData("2026-12-25T11:00:00Z", false)] // Friday, Christmas Day
    [InlineData("2026-12-28T11:00:00Z", false)] // Monday, for Boxing Day
    [InlineData("2026-12-29T11:00:00Z", true)]
    [InlineData("2026-04-03T11:00:00Z", false)] // Good Friday
    [InlineData("2026-04-06T10:00:00Z", false)] // Easter Monday
    [InlineData("2027-12-27T11:00:00Z", false)]
    [InlineData("2027-12-28T11:00:00Z", false)]
    [InlineData("2028-01-03T11:00:00Z", false)]
    [InlineData("2026-08-30T23:30:00Z", false)] // 00:30 on Monday in London: the holiday has begun
    [InlineData("2026-08-31T22:59:00Z", false)] // and has not ended
    public void On_a_bank_holiday_the_office_is_closed(string at, bool open) =>
        Assert.Equal(
            open,
            OfficeDay.IsOpen(Calendar([.. AllWeek()]), England, Time(at)) && OfficeDay.IsOpen(null, England, Time(at))
        );

    [Fact]
    public void A_councils_own_holidays_are_kept_beside_Englands_and_days_it_does_not_name_are_closed()
    {
        var council = Calendar(
            [new OfficeHours(DayOfWeek.Saturday, new TimeOnly(10, 0), new TimeOnly(12, 0))],
            new DateOnly(2026, 11, 28)
        );

        Assert.True(OfficeDay.IsOpen(council, England, Time("2026-11-21T10:00:00Z")));
        Assert.False(OfficeDay.IsOpen(council, England, Time("2026-11-28T10:00:00Z")));
        Assert.False(OfficeDay.IsOpen(council, England, Time("2026-11-23T10:00:00Z")));
    }

    [Fact]
    public void The_file_has_eight_holidays_a_year_and_names_its_source()
    {
        foreach (var year in new[] { 2026, 2027, 2028 })
        {
            Assert.Equal(
                8,
                Enumerable
                    .Range(0, 366)
                    .Select(day => new DateOnly(year, 1, 1).AddDays(day))
                    .Count(day => day.Year == year && England.Include(day))
            );
        }

        Assert.Equal(new DateOnly(2028, 12, 26), England.Last);
        Assert.Contains("https://www.gov.uk/bank-holidays.json", File.ReadAllText(Shipped), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{ "england-and-wales": { "events": [] } }""")]
    [InlineData("""{ "england-and-wales": { "events": [ { "date": "25/12/2026" } ] } }""")]
    [InlineData(null)]
    public void A_file_that_cannot_be_used_keeps_the_service_from_starting(string? text)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7():N}.json");
        if (text is not null)
            File.WriteAllText(path, text);

        var refusal = Assert.Throws<InvalidDataException>(() => BankHolidays.Read(path));

        Assert.Contains("Hours__BankHolidaysFile", refusal.Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    private static IEnumerable<OfficeHours> AllWeek() =>
        Enum.GetValues<DayOfWeek>().Select(day => new OfficeHours(day, new TimeOnly(0, 0), new TimeOnly(23, 59)));

    private static CouncilCalendar Calendar(OfficeHours[] hours, params DateOnly[] holidays) => new(hours, holidays);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
