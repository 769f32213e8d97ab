using System.Globalization;
using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// POST /fhir: a transaction Bundle, whose encounters are all stored in one commit, or none, with the entry at fault
/// named; or a batch, whose entries are stored and refused each alone.
/// </summary>
internal sealed class SubmitTransaction(
    ReadBody body,
    Intake intake,
    SiteCheck sites,
    Sealer sealer,
    TimeProvider clock
)
{
    internal static async Task<FhirAnswer> Handle(
        HttpRequest request,
        Caller caller,
        SubmitTransaction submit,
        CancellationToken cancellationToken
    )
    {
        var document = await submit.Body.ReadAsync(request, cancellationToken);
        var issues = new Issues();
        if (ReadTransaction.Read(document, submit.TrustOf(caller), submit.Now, issues) is not { } transaction)
            return FhirAnswer.Refused(issues);
        var answer = transaction.IsBatch
            ? await submit.StoreEachAsync(caller, transaction, issues)
            : await submit.StoreAllAsync(caller, transaction, issues);
        if (answer.Status == StatusCodes.Status200OK)
            PassedOver.Count(caller, issues);
        return answer;
    }

    private ReadBody Body => body;

    private DateTimeOffset Now => clock.GetUtcNow();

    private SendingTrust TrustOf(Caller caller) => sites.TrustOf(caller.Organisation);

    private async Task<FhirAnswer> StoreAllAsync(Caller caller, ReadTransaction.Transaction transaction, Issues issues)
    {
        var encounters = transaction.Encounters;
        var stored = await intake.SubmitAsync([.. encounters.Select(one => IntentOf(caller, one))]);
        for (var i = 0; i < stored.Count; i++)
        {
            if (EncounterAnswer.Refusal(stored[i].Result) is { } refusal)
                return FhirAnswer.Refused(refusal, encounters[i].Entry!.Path);
        }

        var answers = new Dictionary<FhirElement, Bundle.ResponseComponent>();
        for (var i = 0; i < stored.Count; i++)
        {
            answers[encounters[i].Entry!] = Of(stored[i]);
            sites.Warn(caller, encounters[i].Submission, stored[i], issues);
        }

        return Answer(transaction, answers, issues, Bundle.BundleType.TransactionResponse);
    }

    private async Task<FhirAnswer> StoreEachAsync(Caller caller, ReadTransaction.Transaction transaction, Issues issues)
    {
        var answers = transaction.Faulty.ToDictionary(one => one.Key, one => Refused(one.Value.All));
        var stored = await System.Threading.Tasks.Task.WhenAll(
            transaction.Encounters.Select(async one => (Encounter: one, Stored: await StoreOneAsync(caller, one)))
        );
        foreach (var (encounter, (one, refused)) in stored)
        {
            answers[encounter.Entry!] = refused ?? Of(one!);
            if (one is not null)
                sites.Warn(caller, encounter.Submission, one, issues);
        }

        return Answer(transaction, answers, issues, Bundle.BundleType.BatchResponse);
    }

    // Where it is not certain that one was stored the whole is answered 503: to send all of it again does no harm.
    private async Task<(Stored? Stored, Bundle.ResponseComponent? Refused)> StoreOneAsync(
        Caller caller,
        ReadEntry encounter
    )
    {
        try
        {
            var stored = (await intake.SubmitAsync([IntentOf(caller, encounter)]))[0];
            return EncounterAnswer.Refusal(stored.Result) is { } refusal
                ? (null, Refused([new Issue(refusal, encounter.Entry!.Path, IsError: true)]))
                : (stored, null);
        }
        catch (RefusedException refused)
        {
            return (null, Refused([new Issue(refused.Kind, refused.Path ?? encounter.Entry!.Path, IsError: true)]));
        }
    }

    private static FhirAnswer Answer(
        ReadTransaction.Transaction transaction,
        Dictionary<FhirElement, Bundle.ResponseComponent> answers,
        Issues issues,
        Bundle.BundleType type
    )
    {
        var answer = new Bundle { Type = type };
        foreach (var entry in transaction.Entries)
        {
            var response = answers.GetValueOrDefault(entry) ?? NotKept(entry);
            var found = issues
                .All.Where(issue => issue.Path?.StartsWith(entry.Path + ".", StringComparison.Ordinal) == true)
                .ToList();
            // The warnings of an entry are what its outcome is for.
            if (found.Count > 0 && response.Outcome is null)
                response.Outcome = Outcome.Of(found);
            else if (found.Count > 0 && !transaction.Faulty.ContainsKey(entry))
                ((OperationOutcome)response.Outcome!).Issue.AddRange(Outcome.Of(found).Issue);
            answer.Entry.Add(new Bundle.EntryComponent { Response = response });
        }

        return new FhirAnswer(StatusCodes.Status200OK, answer);
    }

    private Intent IntentOf(Caller caller, ReadEntry entry)
    {
        var (submission, condition) = Conditions.OfEntry(entry);
        return Intent.Of(caller, submission, condition, sealer);
    }

    private static Bundle.ResponseComponent Of(Stored stored) =>
        new()
        {
            Status = (stored.Result == SubmissionResult.Created ? 201 : 200).ToString(CultureInfo.InvariantCulture),
            Location = $"Encounter/{stored.Encounter!.Id}",
            Etag = EncounterAnswer.ETag(stored.Encounter.Version),
            LastModified = stored.Encounter.ReceivedAt,
        };

    private static Bundle.ResponseComponent Refused(IReadOnlyList<Issue> issues) =>
        new() { Status = Outcome.Status(issues).ToString(CultureInfo.InvariantCulture), Outcome = Outcome.Of(issues) };

    // A Patient or a Flag is part of the encounter here, not a resource of its own.
    private static Bundle.ResponseComponent NotKept(FhirElement entry) =>
        new() { Status = "200", Outcome = Outcome.Of([new Issue(IssueKind.NotKept, entry.Path, IsError: false)]) };
}
