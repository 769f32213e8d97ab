using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Hl7v2.Messages;
using Safeguarding.EncounterIngest.Hl7v2.Senders;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Hl7v2.Mapping;

/// <summary>What a message means to the hub.</summary>
internal abstract record Meaning
{
    private Meaning() { }

    /// <summary>Nothing for the hub: acknowledged and counted.</summary>
    internal sealed record NotForUs : Meaning;

    /// <summary>It can never be taken; the issues say why.</summary>
    internal sealed record Refused : Meaning;

    /// <summary>It changes encounters.</summary>
    internal sealed record Visits(IReadOnlyList<VisitChange> Changes) : Meaning;

    /// <summary>It changes the patient of every encounter that is stored under these local numbers.</summary>
    internal sealed record Patients(IReadOnlyList<string> LocalNumbers, PersonChange Change) : Meaning;
}

/// <summary>One message to what it means; pure.</summary>
internal static class ReadAdt
{
    private static readonly Version Oldest = new(2, 1);
    private static readonly Version Newest = new(2, 8, 99);

    /// <summary>The trigger event: MSH-9.2, else EVN-1; null where there is none.</summary>
    public static string? TriggerOf(Hl7Message message)
    {
        var code = (message.Header[9].Component(2).Text ?? message.At("EVN", 1).Text)?.ToUpperInvariant();
        return code is [>= 'A' and <= 'Z', >= '0' and <= '9', >= '0' and <= '9'] ? code : null;
    }

    public static Meaning Read(Hl7Message message, SenderProfile profile, DateTimeOffset now, Issues issues)
    {
        if (!Check(message, profile, issues, out var isOurs))
            return new Meaning.Refused();
        if (!isOurs)
            return new Meaning.NotForUs();
        var code = TriggerOf(message)!;
        var trigger = Triggers.Get(code);
        if (trigger.Act == Act.PassOver || profile.IgnoredEvents.Contains(code, StringComparer.OrdinalIgnoreCase))
            return new Meaning.NotForUs();
        var read = trigger.Act switch
        {
            Act.ChangePatient => Change(message, profile, now, issues),
            Act.MergePatients => Merge(message, profile, now, issues),
            Act.Swap => Swap(message, trigger, profile, now, issues),
            _ => Visits(message, trigger, profile, now, issues),
        };
        return issues.Refused ? new Meaning.Refused() : read;
    }

    private static bool Check(Hl7Message message, SenderProfile profile, Issues issues, out bool isOurs)
    {
        isOurs = true;
        var header = message.Header;
        if (message.IsBatch)
        {
            issues.Refuse(IssueKind.Hl7BatchUnsupported, header.Name);
        }
        else if (header[10].Text is null)
        {
            issues.Refuse(IssueKind.Hl7ControlIdMissing, "MSH-10");
        }
        else if (
            header[12].Text is not null
            && (Acknowledgement.Version(header[12]) is not { } version || version < Oldest || version > Newest)
        )
        {
            issues.Refuse(IssueKind.Hl7VersionUnsupported, "MSH-12");
        }

        if (issues.Refused)
            return false;

        var type = header[9].Component(1).Text?.ToUpperInvariant();
        var isAdt = type == "ADT" || (type is null && message.First("EVN") is not null);
        if (type is null && !isAdt)
            issues.Refuse(IssueKind.Hl7MessageTypeUnsupported, "MSH-9");
        else if (isAdt && TriggerOf(message) is null)
            issues.Refuse(IssueKind.Hl7MessageTypeUnsupported, "MSH-9.2");
        else if (!isAdt && profile.RefuseOthers)
            issues.Refuse(IssueKind.Hl7MessageTypeUnsupported, "MSH-9");
        var processing = header[11].Text ?? "P";
        var isProcessed = profile.ProcessingIds.Contains(processing, StringComparer.OrdinalIgnoreCase);
        if (!isProcessed && profile.RefuseOthers)
            issues.Refuse(IssueKind.Hl7ProcessingIdUnsupported, "MSH-11");
        isOurs = isAdt && isProcessed;
        return !issues.Refused;
    }

    private static Meaning.Visits Visits(
        Hl7Message message,
        Trigger trigger,
        SenderProfile profile,
        DateTimeOffset now,
        Issues issues
    )
    {
        var patients = message.All("PID").ToList();
        if (patients.Count > 1)
            issues.Refuse(IssueKind.SeveralPatients, "PID");
        var merged = message.All("MRG").ToList();
        var visits = message.All("PV1").ToList();
        var isMove = trigger.Act is Act.OfAnotherPatient or Act.Renumber;
        // A move may be of several visits of one patient, each with what it was before; any other event is of one.
        var changes = new List<VisitChange>();
        for (var i = 0; i < Math.Max(isMove ? Math.Max(visits.Count, merged.Count) : 1, 1); i++)
        {
            var visit = visits.Count > i ? visits[i] : new Segment("PV1", message.Syntax);
            var former =
                isMove && merged.Count > i
                    ? Identifier(merged[i][5].Component(1).Text, profile, "MRG-5", issues)
                    : null;
            var own = Number(message, visit, profile, issues);
            BusinessIdentifier[] identifiers =
            [
                .. new[] { former, own ?? former }.OfType<BusinessIdentifier>().Distinct(),
            ];
            if (identifiers.Length == 0)
            {
                // An account or a patient's number that moves names no visit of ours.
                if (!isMove)
                    issues.Refuse(IssueKind.IdentifierMissing, profile.VisitNumber[0]);
                continue;
            }

            var change = ReadVisit.Read(message, visit, trigger, identifiers, profile, now, issues);
            changes.Add(patients is [var only] ? OfPatient(change, only, message, now, issues) : change);
        }

        return new Meaning.Visits(changes);
    }

    private static Meaning.Visits Swap(
        Hl7Message message,
        Trigger trigger,
        SenderProfile profile,
        DateTimeOffset now,
        Issues issues
    )
    {
        var changes = new List<VisitChange>();
        foreach (var (patient, visit) in message.All("PID").Zip(message.All("PV1")))
        {
            if (Identifier(visit[19].Text, profile, "PV1-19", issues) is not { } own)
                continue;
            var change = ReadVisit.Read(message, visit, trigger, [own], profile, now, issues);
            changes.Add(
                change with
                {
                    Patient = ReadPatient.Read(patient, [], now, issues),
                    LocalNumbers = ReadNumbers.Local(patient[3].Repeats),
                }
            );
        }

        if (changes.Count == 0)
            issues.Refuse(IssueKind.IdentifierMissing, "PV1-19");
        return new Meaning.Visits(changes);
    }

    private static VisitChange OfPatient(
        VisitChange change,
        Segment patient,
        Hl7Message message,
        DateTimeOffset now,
        Issues issues
    ) =>
        change with
        {
            Patient = ReadPatient.Read(patient, [.. message.All("NK1")], now, issues),
            LocalNumbers = ReadNumbers.Local(patient[3].Repeats),
        };

    private static Meaning Change(Hl7Message message, SenderProfile profile, DateTimeOffset now, Issues issues)
    {
        if (message.First("PID") is not { } patient)
            return new Meaning.NotForUs();
        var numbers = ReadNumbers.Local(patient[3].Repeats);
        var change = Person(message, patient, numbers, profile, now, issues);
        return numbers.Count == 0 ? new Meaning.NotForUs() : new Meaning.Patients(numbers, change);
    }

    private static Meaning Merge(Hl7Message message, SenderProfile profile, DateTimeOffset now, Issues issues)
    {
        if (message.First("PID") is not { } patient || message.First("MRG") is not { } merged)
        {
            issues.Refuse(IssueKind.Hl7SegmentMissing, message.First("PID") is null ? "PID" : "MRG");
            return new Meaning.Refused();
        }

        var survivor = ReadNumbers.Local(patient[3].Repeats);
        // The same number on both sides, as some send, is nothing to do.
        var gone = ReadNumbers.Local(merged[1].Repeats.Concat(merged[4].Repeats)).Except(survivor).ToList();
        var change = Person(message, patient, survivor, profile, now, issues);
        return gone.Count == 0 ? new Meaning.NotForUs() : new Meaning.Patients(gone, change);
    }

    private static PersonChange Person(
        Hl7Message message,
        Segment patient,
        IReadOnlyList<string> numbers,
        SenderProfile profile,
        DateTimeOffset now,
        Issues issues
    ) =>
        new(
            ReadPatient.Read(patient, [.. message.All("NK1")], now, issues),
            numbers,
            ReadVisit.Clock(message, profile, now, issues)
        );

    private static BusinessIdentifier? Number(Hl7Message message, Segment visit, SenderProfile profile, Issues issues)
    {
        foreach (var text in profile.VisitNumber)
        {
            var path = FieldPath.Read(text)!.Value;
            var field = path.Segment == "PV1" ? visit[path.Field].First.Component(path.Component) : message.At(path);
            if (Identifier(field.Text, profile, text, issues) is { } found)
                return found;
        }

        return null;
    }

    private static BusinessIdentifier? Identifier(string? number, SenderProfile profile, string path, Issues issues)
    {
        if (number is null)
            return null;
        if (number.Length > Limits.StoredText)
            issues.Refuse(IssueKind.TextTooLong, path);
        else if (!TextProfile.Message.Allows(number))
            issues.Refuse(IssueKind.TextNotAllowed, path);
        return new BusinessIdentifier(profile.IdentifierSystem, number);
    }
}
