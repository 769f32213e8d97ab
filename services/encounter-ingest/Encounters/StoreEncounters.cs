using Microsoft.EntityFrameworkCore;
using Npgsql;
using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Organisations;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// Many requests in one transaction: read what is stored, decide each, write one statement a table, publish, commit.
/// The encounter, its version, its audit row and its event are there together or not at all.
/// </summary>
internal sealed class StoreEncounters(
    EncounterIngestDb db,
    OrganisationDirectory organisations,
    Sealer sealer,
    TimeProvider clock
)
{
    public async Task<IReadOnlyList<Stored>[]> StoreAsync(IReadOnlyList<Waiting> batch)
    {
        // Postgres keeps microseconds: what is published now must equal what is read back later.
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        await using var transaction = await db.Database.BeginTransactionAsync();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var known = await ReadStored.ReadAsync(connection, batch);

        var writes = new Writes();
        var answers = new IReadOnlyList<Stored>[batch.Count];
        for (var i = 0; i < batch.Count; i++)
            answers[i] = Apply(batch[i], known, writes, now);
        if (!writes.IsEmpty)
        {
            foreach (var (intent, held) in writes.Versions)
                Publish(intent, held, known, writes);
            await writes.WriteAsync(connection, now);
            await db.SaveChangesAsync();
        }

        // A repeat promises as much as what it repeats, whose commit may have been uncertain. The lock that its reading
        // took is in the log behind that commit, so this one waits for both.
        await db.CommitAsync();
        return answers;
    }

    // A request is a transaction of its sender: where one of its encounters is refused, none is written.
    private static List<Stored> Apply(Waiting request, StoredEncounters known, Writes writes, DateTimeOffset now)
    {
        var stored = new List<Stored>(request.Intents.Count);
        var after = new List<(Intent Intent, SubmissionResult Result, StoredEncounter Encounter)>(
            request.Intents.Count
        );
        foreach (var intent in request.Intents)
        {
            var identified = known.Find(intent);
            var (outcome, result) = Decide.From(identified, intent, known.IsOwnId(intent), now);
            stored.Add(new Stored(outcome, result, known.Site(intent) is not null));
            if (
                outcome is SubmissionResult.Created or SubmissionResult.Updated
                || (outcome == SubmissionResult.Repeated && result != (identified as Identified.One)?.Encounter)
            )
            {
                after.Add((intent, outcome, result!));
            }
        }

        if (stored.Exists(one => one.Result.IsRefusal()))
            return stored;
        foreach (var (intent, outcome, held) in after)
            writes.Add(intent, outcome, known.Set(intent, outcome, held, writes));

        return stored;
    }

    private void Publish(Intent intent, StoredEncounter held, StoredEncounters known, Writes writes)
    {
        var particulars = intent.Submission.Particulars;
        var site = known.Site(intent);
        var setting = site?.Setting ?? organisations.Setting(particulars.SiteOds);
        var forMatching = sealer.For<EncounterReceived>();
        var place = forMatching.Seal(
            new Place(
                intent.Caller.Organisation,
                particulars.OrganisationName ?? organisations.Name(intent.Caller.Organisation),
                particulars.SiteOds,
                site?.Name ?? particulars.Unit?.Name ?? organisations.Name(particulars.SiteOds),
                Unscheduled.Setting(particulars, setting),
                particulars.Unit?.Phone ?? known.Phone(intent),
                particulars.Identifier.Value,
                particulars.Contact
            )
        );
        writes.Sealed(held, sealer.Seal(particulars), sealer.Seal(intent.Submission.Patient));
        db.Publish(
            new EncounterReceived(
                held.Id,
                held.Version,
                particulars.Status,
                Unscheduled.Decide(particulars, setting),
                particulars.StartedAt,
                particulars.EndedAt,
                held.FirstReceivedAt,
                forMatching.Seal(intent.Submission.Patient),
                place,
                particulars.Concerns
            ),
            intent.Trace
        );
    }
}
