using System.Diagnostics;
using System.Security.Cryptography;
using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Hl7v2.Mapping;
using Safeguarding.EncounterIngest.Hl7v2.Messages;
using Safeguarding.EncounterIngest.Hl7v2.Senders;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Storage;
using Safeguarding.Operations.Refusals;

namespace Safeguarding.EncounterIngest.Hl7v2.Receiving;

/// <summary>What a connection does with a message.</summary>
internal abstract record Reply
{
    private Reply() { }

    /// <summary>Answers it.</summary>
    internal sealed record Answer(byte[] Acknowledgement) : Reply;

    /// <summary>The sender wants no answer.</summary>
    internal sealed record Silent : Reply;

    /// <summary>Closes without an answer: the sender keeps the message and sends it again.</summary>
    internal sealed record Close(string Reason) : Reply;
}

/// <summary>
/// Takes one message in: finds its sender, reads it, merges it with what is stored, and hands it to the same intake as
/// the FHIR API. What it answers is true after the commit only.
/// </summary>
internal sealed partial class ReceiveMessage(
    SenderDirectory senders,
    ReadStoredContent held,
    Intake intake,
    SiteCheck sites,
    RefusalLog refusals,
    Sealer sealer,
    TimeProvider clock,
    ILogger<ReceiveMessage> logger
)
{
    private const int Attempts = 5;

    /// <param name="frame">The message as it came.</param>
    /// <param name="thumbprint">Of the connection's client certificate; null in plain.</param>
    /// <param name="cancellationToken">The connection cannot answer any more.</param>
    public async Task<Reply> ReceiveAsync(byte[] frame, string? thumbprint, CancellationToken cancellationToken)
    {
        // What its log lines and the event that it becomes are found by.
        using var activity = new Activity("hl7v2 message").Start();
        var isUtf16 = CharacterSet.IsUtf16(frame);
        var (text, charset) = isUtf16
            ? (
                (frame[0] == 0xFE ? System.Text.Encoding.BigEndianUnicode : System.Text.Encoding.Unicode).GetString(
                    frame,
                    2,
                    frame.Length - 2
                ),
                System.Text.Encoding.UTF8
            )
            : CharacterSet.Read(frame, null);
        if (Hl7Message.Read(text, charset) is not { } message)
            return new Reply.Close("no header segment");
        var profile = senders.Find(thumbprint, message.Header[3].Text, message.Header[4].Text);
        if (profile is null)
        {
            return Answer(
                message,
                null,
                AckResult.Reject,
                [new Issue(IssueKind.NotAllowed, "MSH-3", IsError: true)],
                NewId()
            );
        }

        if (!isUtf16 && profile.CharacterSet is { } usual)
        {
            (text, charset) = CharacterSet.Read(frame, usual);
            message = Hl7Message.Read(text, charset) ?? message;
        }

        var id = NewId();
        var caller = new Caller($"hl7v2:{profile.Name}", profile.Organisation, new HashSet<string>())
        {
            Request = new RequestIds(id, id),
        };
        var issues = new Issues();
        if (isUtf16)
            issues.Refuse(IssueKind.Hl7CharacterSetUnsupported, "MSH-18");
        var meaning = issues.Refused
            ? new Meaning.Refused()
            : ReadAdt.Read(
                message,
                profile with
                {
                    Trust = sites.TrustOf(profile.Organisation),
                },
                clock.GetUtcNow(),
                issues
            );
        return await AnswerAsync(message, profile, caller, meaning, issues, cancellationToken);
    }

    private async Task<Reply> AnswerAsync(
        Hl7Message message,
        SenderProfile profile,
        Caller caller,
        Meaning meaning,
        Issues issues,
        CancellationToken cancellationToken
    )
    {
        var (trigger, id) = (ReadAdt.TriggerOf(message), caller.Request!.RequestId);
        try
        {
            var outcome =
                meaning is Meaning.Refused ? "refused" : await StoreAsync(caller, meaning, issues, cancellationToken);
            Hl7v2Metrics.Count(profile.Organisation, trigger, outcome);
            if (!issues.Refused)
            {
                PassedOver.Count(caller, issues);
                return Answer(message, profile, AckResult.Accept, issues.All, id);
            }

            Record(caller, trigger, meaning, issues);
            return Answer(message, profile, Permanent(profile), issues.All, id);
        }
        catch (Exception exception)
            when (exception is NotStoredException or CryptographicException
                || TransientFaults.IsDatabaseError(exception)
            )
        {
            Hl7v2Metrics.Count(profile.Organisation, trigger, "unanswered");
            Unavailable(logger, profile.Name, TransientFaults.Name(exception));
            return profile.WhileUnavailable == WhileUnavailable.AE
                ? Answer(
                    message,
                    profile,
                    AckResult.Error,
                    [new Issue(IssueKind.Unavailable, "MSH", IsError: true)],
                    id
                )
                : new Reply.Close("the store is unavailable");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Hl7v2Metrics.Count(profile.Organisation, trigger, "failed");
            Failed(logger, exception, profile.Name);
            return Answer(
                message,
                profile,
                AckResult.Error,
                [new Issue(IssueKind.Unexpected, "MSH", IsError: true)],
                id
            );
        }
    }

    /// <summary>
    /// Every encounter of the message or none. What is stored may change while the message is merged with it, by
    /// another connection or the FHIR API: then it is merged with what is stored now.
    /// </summary>
    private async Task<string> StoreAsync(
        Caller caller,
        Meaning meaning,
        Issues issues,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var intents = new List<Intent>();
            foreach (var (before, after) in await LayOverAsync(caller, meaning, cancellationToken))
            {
                if (IsSomebody(after, issues))
                    intents.Add(Intent.Of(caller, after, OnlyIf(before), sealer));
            }

            if (issues.Refused)
                return "refused";
            if (intents.Count == 0)
                return "passed over";
            var stored = await intake.SubmitAsync(intents);
            if (stored.Any(one => one.Result == SubmissionResult.PreconditionFailed))
                continue;
            if (
                stored.Select(one => EncounterAnswer.Refusal(one.Result)).FirstOrDefault(kind => kind is not null) is
                { } refusal
            )
            {
                issues.Refuse(refusal, "PV1-19");
                return "refused";
            }

            for (var i = 0; i < stored.Count; i++)
                sites.Warn(caller, intents[i].Submission, stored[i], issues, "PV1-3");
            return stored.Any(one => one.Result is SubmissionResult.Created or SubmissionResult.Updated) ? "stored"
                : stored.All(one => one.Result == SubmissionResult.Older) ? "older"
                : "repeated";
        }

        throw new NotStoredException(IssueKind.Busy);
    }

    private async Task<List<(StoredContent? Before, Submission After)>> LayOverAsync(
        Caller caller,
        Meaning meaning,
        CancellationToken cancellationToken
    )
    {
        var laid = new List<(StoredContent?, Submission)>();
        switch (meaning)
        {
            case Meaning.Visits visits:
                foreach (var change in visits.Changes)
                {
                    foreach (var (one, before) in await FindAsync(caller, change, cancellationToken))
                    {
                        if (one.Over(before, clock.GetUtcNow()) is { } after)
                            laid.Add((before, after));
                    }
                }

                break;
            case Meaning.Patients patients:
                var theirs = await held.ByLocalNumberAsync(
                    caller.Organisation,
                    patients.LocalNumbers,
                    cancellationToken
                );
                laid.AddRange(theirs.Select(one => ((StoredContent?)one, patients.Change.Over(one))));
                break;
        }

        return laid;
    }

    // Two visits that were stored under two numbers are one from now on, and the other is taken back.
    private async Task<IReadOnlyList<(VisitChange Change, StoredContent? Before)>> FindAsync(
        Caller caller,
        VisitChange change,
        CancellationToken cancellationToken
    )
    {
        var found = new List<StoredContent?>();
        foreach (var identifier in change.Identifiers)
            found.Add(await held.ByIdentifierAsync(caller.Organisation, identifier, cancellationToken));
        return found is [{ } former, { } own] && former.Id != own.Id
            ? [(change.Surviving, own), (change.MergedAway, former)]
            : [(change, found.Find(one => one is not null))];
    }

    private static Condition OnlyIf(StoredContent? before) =>
        before is null ? new Condition { OnlyIfAbsent = true } : new Condition { Versions = [before.Version] };

    // As with the FHIR API: no council can be notified of a patient nobody can identify.
    private static bool IsSomebody(Submission submission, Issues issues)
    {
        var patient = submission.Patient;
        var isSomebody =
            patient.Identifier is not Contracts.Persons.PersonIdentifier.Unknown
            || patient.Names.Count > 0
            || patient.BirthDate is not null
            || patient.Postcodes.Count > 0
            || patient.Mother is not null;
        if (!isSomebody)
            issues.Refuse(IssueKind.PatientUnidentified, "PID");
        return isSomebody;
    }

    private void Record(Caller caller, string? trigger, Meaning meaning, Issues issues)
    {
        var worst = issues.All.First(issue => issue.IsError);
        var subjects = meaning is Meaning.Visits visits
            ? visits
                .Changes.SelectMany(change => change.Identifiers)
                .Select(identifier => IdentifierKeys.Compute(caller.Organisation, identifier, sealer).Macs[0])
                .ToList()
            : [];
        refusals.Refused(
            new RefusedItem(
                caller.Organisation,
                $"MLLP {trigger ?? "none"}",
                worst.Kind.Code,
                worst.Path,
                subjects,
                caller.Request!.RequestId
            )
        );
    }

    private static AckResult Permanent(SenderProfile profile) =>
        profile.PermanentFault switch
        {
            PermanentFault.AA => AckResult.Accept,
            PermanentFault.AE => AckResult.Error,
            _ => AckResult.Reject,
        };

    private Reply Answer(
        Hl7Message message,
        SenderProfile? profile,
        AckResult result,
        IReadOnlyList<Issue> issues,
        string id
    ) =>
        Acknowledgement.Write(message, result, profile?.AckMode ?? AckMode.Auto, issues, id, clock.GetUtcNow())
            is { } answer
            ? new Reply.Answer(answer)
            : new Reply.Silent();

    // Twenty characters are what MSH-10 takes in every version.
    private static string NewId() => Convert.ToHexString(RandomNumberGenerator.GetBytes(10));

    [LoggerMessage(Level = LogLevel.Error, Message = "A message of HL7 v2 sender {Sender} failed")]
    private static partial void Failed(ILogger logger, Exception exception, string sender);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A message of HL7 v2 sender {Sender} was not stored ({Failure})"
    )]
    private static partial void Unavailable(ILogger logger, string sender, string failure);
}
