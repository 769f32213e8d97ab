using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Hl7v2.Messages;

namespace Safeguarding.EncounterIngest.Hl7v2.Mapping;

/// <summary>What a message says of one encounter.</summary>
internal sealed record VisitChange
{
    private const string Inpatient = "IMP";
    private const string Ambulatory = "AMB";
    private const string PreAdmission = "PRENC";
    private static readonly TimeSpan Current = TimeSpan.FromDays(3);

    public required Trigger Trigger { get; init; }

    /// <summary>Its number; before it the one it had before, where the message says that it changed.</summary>
    public required IReadOnlyList<BusinessIdentifier> Identifiers { get; init; }

    public required PatientChange Patient { get; init; }

    /// <summary>The patient's numbers in the trust, with their issuers.</summary>
    public IReadOnlyList<string> LocalNumbers { get; init; } = [];

    /// <summary>What puts versions in order; null: the order of arrival.</summary>
    public DateTimeOffset? Clock { get; init; }

    /// <summary>The message's time as it was sent.</summary>
    public string? SentAt { get; init; }

    public Said<string> Class { get; init; }

    public Said<string> AdmissionMethod { get; init; }

    public Said<IReadOnlyList<string>> ServiceCodes { get; init; }

    public Said<string> Site { get; init; }

    public Hl7Time? Start { get; init; }

    public Hl7Time? End { get; init; }

    /// <summary>EVN-6: when it happened.</summary>
    public Hl7Time? Occurred { get; init; }

    public bool LeftBeforeSeen { get; init; }

    /// <summary>Of two visits that became one, the one that stays.</summary>
    public VisitChange Surviving => this with { Identifiers = [Identifiers[^1]] };

    /// <summary>And the one that is no more.</summary>
    public VisitChange MergedAway => this with { Identifiers = [Identifiers[0]], Trigger = Triggers.Get("A23") };

    /// <summary>The encounter as it is after the message; null where the message is not about it.</summary>
    public Submission? Over(StoredContent? stored, DateTimeOffset now)
    {
        var before = stored?.Particulars;
        if (Status(stored, now) is not { } status)
            return null;
        var isUndone = Trigger.Act == Act.UndoAdmission && status != EncounterStatus.Cancelled;
        // The same message a second time: what it undid is undone.
        if (isUndone && before!.AdmissionUndoneAt is { } at && at == SentAt)
            return Of(before, stored!.Patient!);
        var code = isUndone ? before!.AdmittedFrom : ClassAfter(before);
        var (start, startedAt) = StartAfter(before);
        var (end, endedAt) = EndAfter(before, startedAt);
        var patient = Patient.Over(Trigger.Act == Act.OfAnotherPatient ? null : stored?.Patient);
        var particulars = new EncounterParticulars
        {
            Identifier = Identifiers[^1],
            OtherIdentifiers = Others(before),
            FhirStatus = FhirCode(status),
            Status = status,
            ClassCode = code,
            ClassSystem = code == before?.ClassCode ? before?.ClassSystem : null,
            Start = start,
            End = end,
            StartedAt = startedAt,
            EndedAt = endedAt,
            AdmissionMethod = isUndone ? null : AdmissionMethod.Over(before?.AdmissionMethod),
            ServiceCodes = ServiceCodes.Over(before?.ServiceCodes) ?? [],
            OrganisationName = before?.OrganisationName,
            SiteOds = Site.Over(before?.SiteOds),
            Concerns = before?.Concerns ?? [],
            LocalNumbers =
                LocalNumbers.Count > 0 ? LocalNumbers
                : Trigger.Act == Act.OfAnotherPatient ? null
                : before?.LocalNumbers,
            AdmittedFrom = AdmittedFrom(before, code),
            AdmissionUndoneAt = isUndone ? SentAt : before?.AdmissionUndoneAt,
        };
        return Of(particulars, patient);
    }

    private Submission Of(EncounterParticulars particulars, PersonTraits patient) =>
        new(particulars, patient, Clock, null, Identifiers, HasOfficial: true, "PV1");

    private EncounterStatus? Status(StoredContent? stored, DateTimeOffset now)
    {
        var before = stored?.Particulars;
        switch (Trigger.Act)
        {
            case Act.End when LeftBeforeSeen:
                return EncounterStatus.LeftBeforeSeen;
            case Act.UndoAdmission when before?.AdmittedFrom is not null || IsUndoneAlready(before):
                return EncounterStatus.InProgress;
            // Whether it was an emergency first is no longer known, and to cancel that would withdraw an alert.
            case Act.UndoAdmission when stored is not null && before is null:
                return null;
            case Act.CancelPlanned:
                return before?.Status is EncounterStatus.Planned or EncounterStatus.Cancelled ? Trigger.Status : null;
            // Nights of changes to visits of years ago are usual.
            case Act.ChangeIfCurrent when before is null && !IsCurrent(now):
                return null;
            default:
                return Trigger.Status
                    ?? before?.Status
                    ?? (Class.Value == PreAdmission ? EncounterStatus.Planned : EncounterStatus.InProgress);
        }
    }

    private bool IsUndoneAlready(EncounterParticulars? before) => before?.AdmissionUndoneAt is { } at && at == SentAt;

    private bool IsCurrent(DateTimeOffset now) =>
        End is null && (Start ?? Occurred) is var start && (start is null || start.Value.At > now - Current);

    private string? ClassAfter(EncounterParticulars? before) =>
        Trigger.Act switch
        {
            Act.ToInpatient => Inpatient,
            Act.ToOutpatient when Class.Over(before?.ClassCode) is null or Inpatient => Ambulatory,
            _ => Class.Over(before?.ClassCode),
        };

    private static string? AdmittedFrom(EncounterParticulars? before, string? code) =>
        code != Inpatient ? null
        : before?.ClassCode is Codes.Emergency or Ambulatory ? before.ClassCode
        : before?.AdmittedFrom;

    // At some trusts the start of an admission is that of the ward: the arrival before it stays.
    private (string?, DateTimeOffset?) StartAfter(EncounterParticulars? before)
    {
        var said = Start ?? (before?.Start is null && Trigger.Act is Act.Set or Act.ToInpatient ? Occurred : null);
        return said is { } start && (before?.StartedAt is not { } stored || start.At < stored)
            ? (start.Fhir, start.At.ToUniversalTime())
            : (before?.Start, before?.StartedAt);
    }

    private (string?, DateTimeOffset?) EndAfter(EncounterParticulars? before, DateTimeOffset? startedAt)
    {
        if (
            Trigger.Act == Act.Reopen
            || (Trigger.Act == Act.Set && Trigger.Status == EncounterStatus.InProgress && End is null)
        )
        {
            return (null, null);
        }

        var said = End ?? (Trigger.Act == Act.End ? Occurred : null);
        if (said is not { } end)
            return (before?.End, before?.EndedAt);
        return startedAt is { } from && end.At < from && !(end.WholeDay && end.At.AddDays(1) > from)
            ? (before?.End, before?.EndedAt)
            : (end.Fhir, end.At.ToUniversalTime());
    }

    private List<BusinessIdentifier>? Others(EncounterParticulars? before)
    {
        List<BusinessIdentifier?> all = [before?.Identifier, .. before?.OtherIdentifiers ?? [], .. Identifiers];
        var others = all.OfType<BusinessIdentifier>().Where(one => one != Identifiers[^1]).Distinct().ToList();
        return others.Count > 0 ? others : null;
    }

    private static string FhirCode(EncounterStatus status) =>
        status switch
        {
            EncounterStatus.Planned => "planned",
            EncounterStatus.Arrived => "arrived",
            EncounterStatus.Triaged => "triaged",
            EncounterStatus.InProgress => "in-progress",
            EncounterStatus.OnLeave => "onleave",
            EncounterStatus.Finished or EncounterStatus.LeftBeforeSeen => "finished",
            EncounterStatus.Cancelled => "cancelled",
            EncounterStatus.EnteredInError => "entered-in-error",
            _ => "unknown",
        };

    public override string ToString() => nameof(VisitChange);
}
