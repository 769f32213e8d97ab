using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Privacy;
using Safeguarding.TestKit;
using static Safeguarding.EncounterIngest.Tests.Hl7v2.When_a_sender_is_untidy;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

/// <summary>Merges, moves and new numbers, from a real socket to the event.</summary>
public sealed class Patients_and_visits_that_change_hands(Mllp mllp) : IClassFixture<Mllp>, IAsyncLifetime
{
    private MllpClient _trust = null!;
    private EventsSeen<EncounterReceived> _events = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Sealer Sealer => mllp.Under.Services.GetRequiredService<Sealer>();

    public async ValueTask InitializeAsync()
    {
        _events = await mllp.Under.Bus.ListenAsync<EncounterReceived>();
        _trust = await mllp.ConnectAsync();
    }

    public ValueTask DisposeAsync() => _trust.DisposeAsync();

    [Fact]
    public async Task A_merge_gives_the_visits_of_one_number_the_patient_of_the_other()
    {
        var (gone, survivor) = (Visit.New(), Visit.New());
        await AcceptedAsync(gone.Arrived());
        var merge = Merge("A40", survivor, gone.Mrn, "20261128093000");
        await AcceptedAsync(merge);
        await AcceptedAsync(merge);
        // A chain: what was merged once is found under its new number.
        var last = Visit.New();
        await AcceptedAsync(Merge("A40", last, survivor.Mrn, "20261128094000"));

        Assert.Equal(survivor.Nhs, await NumberAsync(gone, 2));
        Assert.Equal(last.Nhs, await NumberAsync(gone, 3));
        // A visit's own message goes on from there.
        await AcceptedAsync(gone.Changed("20261128095000").Replace(gone.Mrn, last.Mrn, StringComparison.Ordinal));
        Assert.Equal(last.Nhs, await NumberAsync(gone, 4));
    }

    [Fact]
    public async Task A_merge_of_a_number_with_itself_or_of_one_that_has_no_visit_changes_nothing()
    {
        var visit = Visit.New();
        await AcceptedAsync(visit.Arrived());
        await AcceptedAsync(Merge("A40", visit, visit.Mrn, "20261128093000"));
        await AcceptedAsync(Merge("A40", Visit.New(), "T-nobody", "20261128093000"));
        await AcceptedAsync(visit.Changed());

        Assert.Equal(visit.Nhs, await NumberAsync(visit, 2));
    }

    [Fact]
    public async Task What_is_said_of_a_person_reaches_their_visits_and_no_visit_that_moved_away()
    {
        var (visit, other) = (Visit.New(), Visit.New());
        await AcceptedAsync(visit.Arrived());
        string Person(NhsNumber number, string at) =>
            $"{Visit.Header("A31", at)}\rPID|1||{visit.Mrn}^^^RZZ^MR~{number.Reveal()}^^^NHS^NH||O'Marley^Zofia\r";
        var corrected = Synthetic.NextNhsNumber();
        await AcceptedAsync(Person(corrected, "20261128093000"));
        Assert.Equal(corrected, await NumberAsync(visit, 2));

        await AcceptedAsync(
            $"{Visit.Header("A45", "20261128100000")}\r{other.Patient}\rMRG|{visit.Mrn}^^^RZZ^MR||||{visit.Number}\r{visit.Pv1("E")}\r"
        );
        var moved = await VersionAsync(visit, 3);
        Assert.Equal(new PersonIdentifier.Known(other.Nhs), Sealer.Open(moved.Patient).Identifier);
        Assert.Null(Sealer.Open(moved.Patient).Mother);

        await AcceptedAsync(Person(Synthetic.NextNhsNumber(), "20261128110000"));
        await AcceptedAsync(other.Event("A03", "20261128120000"));
        Assert.DoesNotContain(_events.All, e => e.EncounterId == moved.EncounterId && e.Version == 4);
    }

    [Fact]
    public async Task A_visit_with_a_new_number_stays_one_encounter_and_is_found_under_both()
    {
        var (former, own) = (Visit.New(), Visit.New());
        await AcceptedAsync(former.Arrived());
        var renumbered =
            $"{Visit.Header("A50", "20261128093000")}\r{former.Patient}\rMRG|{former.Mrn}||||{former.Number}\r{own.Pv1("E")}\r";
        await AcceptedAsync(renumbered);
        await AcceptedAsync(renumbered);
        await AcceptedAsync(
            former.Event("A03", "20261128120000").Replace(former.Number, own.Number, StringComparison.Ordinal)
        );

        var first = await VersionAsync(former, 1);
        var last = await VersionAsync(own, 3);
        Assert.Equal((first.EncounterId, EncounterStatus.Finished), (last.EncounterId, last.Status));
    }

    [Fact]
    public async Task Of_two_visits_that_become_one_the_former_is_taken_back()
    {
        var (former, own) = (Visit.New(), Visit.New());
        await AcceptedAsync(former.Arrived());
        await AcceptedAsync(own.Arrived());
        await AcceptedAsync(
            $"{Visit.Header("A42", "20261128093000")}\r{own.Patient}\rMRG|{former.Mrn}||||{former.Number}\r{own.Pv1("E", "W12^^^RZZ01")}\r"
        );
        await AcceptedAsync(own.Event("A03", "20261128120000"));

        Assert.Equal(EncounterStatus.EnteredInError, (await VersionAsync(former, 2)).Status);
        await Eventually.UntilAsync(() =>
            Task.FromResult(_events.All.Any(e => e.Status == EncounterStatus.Finished && Reference(e) == own.Number))
        );
    }

    [Fact]
    public async Task Two_patients_who_change_beds_are_each_where_the_other_was()
    {
        var (one, two) = (Visit.New(), Visit.New());
        await AcceptedAsync(one.Arrived());
        await AcceptedAsync(two.Arrived());
        await AcceptedAsync(
            $"{Visit.Header("A17", "20261128093000")}\r{one.Patient}\r{one.Pv1("E", "X^^^RZZ02")}\r{two.Patient}\r{two.Pv1("E", "X^^^RZZ03")}\r"
        );

        Assert.Equal("RZZ02", Sealer.Open((await VersionAsync(one, 2)).Place).SiteOds);
        Assert.Equal("RZZ03", Sealer.Open((await VersionAsync(two, 2)).Place).SiteOds);
    }

    [Fact]
    public async Task Local_numbers_are_kept_as_digests_and_no_longer_than_the_content()
    {
        var visit = Visit.New();
        await AcceptedAsync(visit.Arrived());
        var kept = await mllp.Under.Db(db => db.Set<LocalNumber>().CountAsync(Cancelled));
        var tomorrow = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(1);
        Assert.True(kept > 0);

        var dropped = await mllp.Under.Services.GetRequiredService<Partitions>().DropBeforeAsync(tomorrow, Cancelled);

        Assert.True(dropped > 0);
        Assert.Equal(0, await mllp.Under.Db(db => db.Set<LocalNumber>().CountAsync(Cancelled)));
        await mllp.Under.Services.GetRequiredService<Partitions>().CreateAheadAsync(Cancelled);
        // What is no longer held stays as it is: whether the visit began as an emergency is not known any more.
        await AcceptedAsync(visit.AdmissionUndone("20261128110000"));
        Assert.Equal(0, await mllp.Under.Db(db => db.Set<LocalNumber>().CountAsync(Cancelled)));
    }

    private static string Merge(string trigger, Visit survivor, string gone, string at) =>
        $"{Visit.Header(trigger, at)}\r{survivor.Patient}\rMRG|{gone}^^^RZZ^MR\r";

    private async Task AcceptedAsync(string message) =>
        Assert.StartsWith("AA|", Msa(await _trust.SendAsync(message)), StringComparison.Ordinal);

    private string? Reference(EncounterReceived e) => Sealer.Open(e.Place).EncounterReference;

    private async Task<EncounterReceived> VersionAsync(Visit visit, long version) =>
        await _events.One(e => e.Version == version && Reference(e) == visit.Number);

    private async Task<NhsNumber?> NumberAsync(Visit visit, long version) =>
        Sealer.Open((await VersionAsync(visit, version)).Patient).Identifier.NhsNumber;
}
