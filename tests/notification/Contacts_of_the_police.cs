using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.TestKit;

namespace Safeguarding.Notification.Tests;

/// <summary>What a council reads of a contact that a police force reported.</summary>
public sealed class Contacts_of_the_police(HubWithClock hub) : IClassFixture<HubWithClock>
{
    [Theory]
    [InlineData(
        ContactKind.ProtectionNotice,
        ContactGrade.Medium,
        false,
        "standard",
        "is the subject of a public protection notice, graded medium"
    )]
    [InlineData(
        ContactKind.ProtectionNotice,
        ContactGrade.High,
        false,
        "high",
        "is the subject of a public protection notice, graded high"
    )]
    [InlineData(
        ContactKind.DomesticAbuse,
        ContactGrade.Standard,
        false,
        "standard",
        "lives where police attended domestic abuse, graded standard"
    )]
    [InlineData(ContactKind.Missing, null, false, "high", "is reported missing")]
    [InlineData(ContactKind.Missing, null, true, "high", "was reported missing and has been found")]
    [InlineData(ContactKind.Custody, null, false, "standard", "has been arrested and is in custody")]
    [InlineData(ContactKind.Custody, null, true, "standard", "was in custody and has been released")]
    [InlineData(
        ContactKind.AccommodationRequest,
        null,
        false,
        "high",
        "has been charged and refused bail: police ask the council for accommodation (PACE 1984, section 38(6))"
    )]
    [InlineData(
        ContactKind.AccommodationRequest,
        null,
        true,
        "high",
        "no longer needs the accommodation that police asked for"
    )]
    [InlineData(
        ContactKind.PoliceProtection,
        null,
        false,
        "high",
        "is in police protection (Children Act 1989, section 46)"
    )]
    [InlineData(ContactKind.PoliceProtection, null, true, "high", "is no longer in police protection")]
    public async Task It_is_an_alert_of_its_own_that_says_what_happened_and_whom_to_ring(
        ContactKind kind,
        ContactGrade? grade,
        bool isOver,
        string alertGrade,
        string words
    )
    {
        var council = hub.ACouncil();

        await hub.Publish(Of(hub.AMatch(council), kind, grade, isOver));

        var alert = await council.Alert(_ => true);
        Assert.Equal(
            $"The child on child protection plan CP-1041 {words}. Ring Westhollow custody suite and quote 43-1. "
                + "Match: practically certain, decided by the rules.",
            alert.Text("summary")
        );
        Assert.Equal(alertGrade, alert.Text("grade"));
        Assert.Equal(
            ("43", "Westhollow custody suite", "01632 960018", "43-1"),
            (
                alert.Text("where", "organisationOds"),
                alert.Text("where", "siteName"),
                alert.Text("where", "phone"),
                alert.Text("contact", "incidentNumber")
            )
        );
    }

    [Fact]
    public async Task It_joins_no_attendance_no_attendance_joins_it_and_neither_counts_the_other()
    {
        var council = hub.ACouncil();
        Assert.Equal(200, (await council.Put("/rules", new { grouping = new { windowHours = 24 } })).Status);
        var attendance = hub.AMatch(council);
        await hub.Publish(attendance);
        await council.Alert(_ => true);

        await hub.Publish(
            Of(attendance with { EncounterId = Guid.CreateVersion7() }, ContactKind.Missing, null, false)
        );
        await Eventually.UntilAsync(() => council.Alerts(), alerts => alerts.Count == 2);
        await hub.Publish(attendance with { EncounterId = Guid.CreateVersion7() });

        var joined = await council.Alert(alert => alert.GetProperty("version").GetInt32() == 2);
        Assert.Equal(2, joined.GetProperty("attendances").GetProperty("last12Months").GetInt32());
        Assert.Equal(2, (await council.Alerts()).Count);
    }

    [Fact]
    public async Task An_answer_to_the_person_names_neither_the_force_nor_what_it_reported()
    {
        var council = hub.ACouncil();
        var match = Of(hub.AMatch(council), ContactKind.Missing, ContactGrade.High, false);
        await hub.Publish(match);
        await council.Alert(_ => true);
        using var lead = hub.Service.Person(council.Code, "privacy-officer");

        var answer = await SubjectAccess.AskAsync(lead, match.Plans[0].PlanId);

        Assert.All((string[])["missing", "Westhollow", "43-1", "960018", "police "], said =>
            Assert.DoesNotContain(said, answer.Text, StringComparison.OrdinalIgnoreCase)
        );
        Assert.Equal(["(reporter)"], answer.Of("attendance.policeContact"));
        Assert.Equal(["(reporter)"], answer.Of("attendance.policeIncident"));
        Assert.Empty(answer.Of("attendance.trust"));
    }

    [Fact]
    public async Task Of_a_restricted_child_neither_the_kind_nor_the_force_is_shown()
    {
        var council = hub.ACouncil();
        var match = Of(hub.AMatch(council), ContactKind.Missing, ContactGrade.High, false);

        await hub.Publish(match with { Plans = [match.Plans[0] with { Restriction = PlanRestriction.ByCouncil }] });

        var alert = (await council.Alert(_ => true)).GetRawText();
        Assert.All((string[])["missing", "Westhollow", "43-1", "\"43\"", "960018", "police"], said =>
            Assert.DoesNotContain(said, alert, StringComparison.OrdinalIgnoreCase)
        );
    }

    private EncounterMatched Of(EncounterMatched match, ContactKind kind, ContactGrade? grade, bool isOver) =>
        match with
        {
            Status = isOver ? EncounterStatus.Finished : EncounterStatus.InProgress,
            Place = hub.Sealer.Seal(
                new Place(
                    "43",
                    null,
                    null,
                    "Westhollow custody suite",
                    CareSetting.Unknown,
                    "01632 960018",
                    "43-1",
                    new PoliceContact(kind, grade, "43-1")
                )
            ),
        };
}
