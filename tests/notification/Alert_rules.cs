using System.Globalization;
using System.Text.Json;
using Safeguarding.Messaging;
using Safeguarding.Notification.Api.Rules;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Grouping;

namespace Safeguarding.Notification.Tests;

/// <summary>What rules make of attendances, without anything around them.</summary>
public sealed class Alert_rules
{
    private static readonly Guid One = Guid.CreateVersion7();

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{ "grouping": { "windowHours": 24 } }""")]
    [InlineData(
        """{ "grouping": { "windowHours": 168, "afterAcknowledgement": "reopen" }, "patterns": [ { "name": "left-twice", "days": 30, "leftBeforeSeen": 2, "grade": "urgent" }, { "name": "two-sites", "days": 7, "sites": 2, "grade": "high" } ] }"""
    )]
    public void Can_be_used(string json) => Assert.Empty(ValidateRules.Errors(Read(json)));

    [Theory]
    [InlineData("""{ "grouping": {} }""", "grouping.windowHours")]
    [InlineData("""{ "grouping": { "windowHours": 169 } }""", "grouping.windowHours")]
    [InlineData("""{ "patterns": [ null ] }""", "patterns[0]")]
    [InlineData(
        """{ "patterns": [ { "name": "Often", "days": 7, "attendances": 3, "grade": "high" } ] }""",
        "patterns[0].name"
    )]
    [InlineData(
        """{ "patterns": [ { "name": "often", "days": 0, "attendances": 3, "grade": "high" } ] }""",
        "patterns[0].days"
    )]
    [InlineData(
        """{ "patterns": [ { "name": "often", "days": 366, "attendances": 3, "grade": "high" } ] }""",
        "patterns[0].days"
    )]
    [InlineData(
        """{ "patterns": [ { "name": "often", "days": 7, "attendances": 101, "grade": "high" } ] }""",
        "patterns[0].attendances"
    )]
    [InlineData(
        """{ "patterns": [ { "name": "often", "days": 7, "sites": 0, "attendances": 2, "grade": "high" } ] }""",
        "patterns[0].sites"
    )]
    [InlineData(
        """{ "patterns": [ { "name": "often", "days": 7, "leftBeforeSeen": -1, "attendances": 2, "grade": "high" } ] }""",
        "patterns[0].leftBeforeSeen"
    )]
    [InlineData("""{ "patterns": [ { "name": "often", "days": 7, "grade": "high" } ] }""", "patterns[0]")]
    [InlineData(
        """{ "patterns": [ { "name": "often", "days": 7, "attendances": 3, "grade": "standard" } ] }""",
        "patterns[0].grade"
    )]
    [InlineData(
        """{ "patterns": [ { "name": "often", "days": 7, "attendances": 3, "grade": "high" }, { "name": "often", "days": 8, "attendances": 3, "grade": "high" } ] }""",
        "patterns[1].name"
    )]
    public void Are_refused_where_they_are_wrong(string json, string field) =>
        Assert.Equal(field, Assert.Single(ValidateRules.Errors(Read(json))).Field);

    [Theory]
    [InlineData("01T10 06T10 08T09", 3, true)] // just within seven days
    [InlineData("01T10 06T10 08T10", 3, false)] // seven days to the hour is outside
    [InlineData("01T10 02T10", 3, false)]
    [InlineData("01T10 02T10 03T10 04T10", 3, true)]
    public void So_many_in_so_many_days(string times, int attendances, bool holds)
    {
        var history = Seen(times);

        var assessment = Assessment.Assess(
            history,
            history.Max(attended => attended.At),
            Rules(new Pattern("often", 7, attendances, null, null, AlertGrade.High))
        );

        Assert.Equal(holds ? AlertGrade.High : AlertGrade.Standard, assessment.Grade);
        Assert.Equal(holds ? 1 : 0, assessment.Because.Count);
    }

    [Fact]
    public void An_attendance_that_arrives_late_completes_a_pattern_in_the_middle_of_which_it_lies()
    {
        var history = Seen("01T10 02T10 03T10");

        Assert.Equal(
            AlertGrade.High,
            Assessment
                .Assess(history, history[0].At, Rules(new Pattern("often", 7, 3, null, null, AlertGrade.High)))
                .Grade
        );
        Assert.Equal(1, Assessment.Assess(history, history[0].At, AlertRules.None).Attendances);
    }

    [Fact]
    public void Different_sites_and_leaving_before_being_seen_are_counted_and_said()
    {
        var history = Seen("01T10 02T10L@RYJ02 03T10L@RYJ02");
        var rules = Rules(
            new Pattern("two-sites", 7, null, 2, null, AlertGrade.High),
            new Pattern("left-twice", 7, null, null, 2, AlertGrade.Urgent),
            new Pattern("left-thrice", 7, null, null, 3, AlertGrade.Urgent)
        );

        var assessment = Assessment.Assess(history, history[2].At, rules);

        Assert.Equal((3, 2, AlertGrade.Urgent), (assessment.Attendances, assessment.Sites, assessment.Grade));
        Assert.Equal(
            [
                "two-sites: attendances 3, sites 2, left before being seen 2, days 7",
                "left-twice: attendances 3, sites 2, left before being seen 2, days 7",
            ],
            assessment.Because
        );
    }

    [Fact]
    public void A_year_back_is_counted_and_an_unreadable_site_is_no_other_site()
    {
        var at = Time("02T10");
        List<Attended> history =
        [
            new(Guid.CreateVersion7(), at.AddMonths(-12), "RYJ02", false, One),
            new(Guid.CreateVersion7(), at.AddMonths(-12).AddSeconds(1), null, false, One),
            new(Guid.CreateVersion7(), at, "RYJ01", false, One),
            new(Guid.CreateVersion7(), at.AddHours(1), "RYJ03", false, One),
        ];

        var assessment = Assessment.Assess(history, at, AlertRules.None);

        Assert.Equal((2, 1), (assessment.Attendances, assessment.Sites));
    }

    [Fact]
    public void A_preview_groups_within_the_window_of_the_first_and_not_on_and_on()
    {
        var history = Seen("01T10 02T09 03T08 03T09").ConvertAll(attended => Past(attended));

        var outcomes = RulesPreview.Run(
            history,
            Time("01T00"),
            new AlertRules { Grouping = new GroupingWindow(24, null) }
        );

        var ids = history.ConvertAll(past => past.Attended.EncounterId);
        Assert.Equal([null, ids[0], null, ids[2]], outcomes.Select(outcome => outcome.Joins));
    }

    [Theory]
    [InlineData(nameof(AlertState.Acknowledged), nameof(AfterAcknowledgement.NewAlert), false)]
    [InlineData(nameof(AlertState.Acknowledged), nameof(AfterAcknowledgement.Reopen), true)]
    [InlineData(nameof(AlertState.Refused), nameof(AfterAcknowledgement.Reopen), false)]
    public void A_preview_knows_how_and_when_the_alert_was_answered(string state, string rule, bool joins)
    {
        var history = Seen("01T10 01T12")
            .ConvertAll(attended => Past(attended, state: Enum.Parse<AlertState>(state), settledAt: Time("01T11")));
        var rules = new AlertRules { Grouping = new GroupingWindow(24, Enum.Parse<AfterAcknowledgement>(rule)) };

        Assert.Equal(joins, RulesPreview.Run(history, Time("01T00"), rules)[1].Joins is not null);
    }

    [Fact]
    public void A_preview_keeps_children_apart_and_evaluates_only_recent_attendances_by_all_that_are_known()
    {
        var history = Seen("01T10 01T11 02T10")
            .Select((attended, i) => Past(attended, plan: i == 1 ? "another Child" : "one Child"))
            .ToList();

        var outcomes = RulesPreview.Run(
            history,
            Time("02T00"),
            Rules(new Pattern("twice", 7, 2, null, null, AlertGrade.High))
        );

        var only = Assert.Single(outcomes);
        Assert.Equal((AlertGrade.High, "twice: attendances 2, sites 1, days 7"), (only.Grade, only.Because[0]));
    }

    private static RulesPreview.PastAttendance Past(
        Attended attended,
        string plan = "one Child",
        AlertState state = AlertState.Raised,
        DateTimeOffset? settledAt = null
    ) => new(attended, new HashSet<string> { plan }, state, settledAt);

    /// <summary>Days and hours of November 2026; L for left before being seen; @ and a site.</summary>
    private static List<Attended> Seen(string times) =>
        [
            .. times
                .Split(' ')
                .Select(text =>
                {
                    var (when, site) = text.Split('@') is [var one, var two] ? (one, two) : (text, "RYJ01");
                    return new Attended(Guid.CreateVersion7(), Time(when.TrimEnd('L')), site, when.EndsWith('L'), One);
                }),
        ];

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(
            $"2026-11-{text}:00:00Z",
            "yyyy-MM-ddTHH:mm:ssZ",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );

    private static AlertRules Rules(params Pattern[] patterns) => new() { Patterns = patterns };

    private static AlertRules Read(string json) => JsonSerializer.Deserialize<AlertRules>(json, HubJson.Options)!;
}
