using System.Globalization;
using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Door;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>POST /fhir: a transaction Bundle. All its encounters are stored in one commit, or none; the entry at fault is named.</summary>
internal sealed class SubmitTransaction(ReadBody body, Intake intake, Sealer sealer, TimeProvider clock)
{
    internal static async Task<FhirAnswer> Handle(HttpRequest request, Caller caller, SubmitTransaction submit, CancellationToken cancellationToken)
    {
        var document = await submit.Body.Async(request, cancellationToken);
        var findings = new Findings();
        var (entries, encounters) = ReadTransaction.Read(document, caller.Organisation, submit.Now, findings);
        return findings.Refused ? FhirAnswer.Refused(findings) : await submit.StoreAsync(caller, entries, encounters);
    }

    private ReadBody Body => body;

    private DateTimeOffset Now => clock.GetUtcNow();

    private async Task<FhirAnswer> StoreAsync(Caller caller, IReadOnlyList<FhirElement> entries, IReadOnlyList<ReadEntry> encounters)
    {
        var intents = encounters.Select(one =>
        {
            var (submission, condition) = Conditions(one);
            return Intent.Of(caller, submission, condition, sealer);
        }).ToList();
        var stored = await intake.SubmitAsync(intents);
        for (var i = 0; i < stored.Count; i++)
        {
            if (EncounterAnswer.Refusal(stored[i].Deed) is { } refusal)
                return FhirAnswer.Refused(refusal, encounters[i].Entry!.Path);
        }

        var answer = new Bundle { Type = Bundle.BundleType.TransactionResponse };
        foreach (var entry in entries)
        {
            var at = encounters.ToList().FindIndex(one => ReferenceEquals(one.Entry, entry));
            answer.Entry.Add(new Bundle.EntryComponent { Response = at < 0 ? NotKept(entry) : Of(stored[at]) });
        }

        return new FhirAnswer(StatusCodes.Status200OK, answer);
    }

    private static (Submission Submission, Condition Condition) Conditions(ReadEntry entry)
    {
        var request = entry.Entry!.Child("request")!;
        var url = request.Text("url")!;
        var ifMatch = request.Text("ifMatch");
        if (request.Text("method") == "POST")
        {
            return request.Text("ifNoneExist") is { } search
                ? (Encounters.Conditions.Named(search, entry.Submission), new Condition { OnlyIfNew = true })
                : (entry.Submission, Condition.None);
        }

        return url.Contains('?', StringComparison.Ordinal)
            ? (Encounters.Conditions.Named(url, entry.Submission), new Condition { Version = Encounters.Conditions.Version(ifMatch) })
            : (entry.Submission, Encounters.Conditions.ById(url[(url.IndexOf('/', StringComparison.Ordinal) + 1)..], ifMatch ?? "", entry.Submission));
    }

    private static Bundle.ResponseComponent Of(Stored stored) => new()
    {
        Status = (stored.Deed == Deed.Created ? 201 : 200).ToString(CultureInfo.InvariantCulture),
        Location = $"Encounter/{stored.Held!.Id}",
        Etag = EncounterAnswer.ETag(stored.Held.Version),
        LastModified = stored.Held.ReceivedAt,
    };

    // A Patient or a Flag is part of the encounter here, not a resource of its own.
    private static Bundle.ResponseComponent NotKept(FhirElement entry) => new()
    {
        Status = "200",
        Outcome = Outcome.Of([new Issue(IssueKind.NotKept, entry.Path, IsError: false)]),
    };
}
