using System.Collections.Frozen;
using Safeguarding.Contracts.Encounters;

namespace Safeguarding.EncounterIngest.Hl7v2.Mapping;

/// <summary>What an event does to the encounter that PV1-19 names.</summary>
internal enum Act
{
    /// <summary>Nothing: it is acknowledged and counted.</summary>
    PassOver,

    /// <summary>It is there with this status, made where it is not known.</summary>
    Set,

    /// <summary>What is said of it changes; its status stays.</summary>
    Change,

    /// <summary>As <see cref="Change"/>, and a visit that is not known is made only where it is a current one.</summary>
    ChangeIfCurrent,

    /// <summary>Over, with its end.</summary>
    End,

    /// <summary>Not over after all: without its end.</summary>
    Reopen,

    /// <summary>It becomes an inpatient's.</summary>
    ToInpatient,

    /// <summary>It becomes an outpatient's again.</summary>
    ToOutpatient,

    /// <summary>Back to what it was before the admission; cancelled where it began with that.</summary>
    UndoAdmission,

    /// <summary>Cancelled where it is still planned.</summary>
    CancelPlanned,

    /// <summary>It is of another patient: nothing of the former one stays.</summary>
    OfAnotherPatient,

    /// <summary>It has another number: MRG-5 is the former one.</summary>
    Renumber,

    /// <summary>Two patients change places: two PID with a PV1 each.</summary>
    Swap,

    /// <summary>The patient of MRG-1 is that of PID: their encounters are too.</summary>
    MergePatients,

    /// <summary>What is said of the patient changes, in each encounter of theirs.</summary>
    ChangePatient,
}

/// <summary>One event.</summary>
/// <param name="Happened">In the words of the standard.</param>
/// <param name="Act">What it does.</param>
/// <param name="Status">The status that the encounter has then.</param>
internal sealed record Trigger(string Happened, Act Act, EncounterStatus? Status = null);

/// <summary>HL7 table 0003 as the hub reads it. What does not stand here is passed over.</summary>
internal static class Triggers
{
    private static readonly FrozenDictionary<string, Trigger> Table = new Dictionary<string, Trigger>
    {
        ["A01"] = new("admitted", Act.Set, EncounterStatus.InProgress),
        ["A02"] = new("transferred", Act.Change),
        ["A03"] = new("discharged", Act.End, EncounterStatus.Finished),
        ["A04"] = new("arrived", Act.Set, EncounterStatus.Arrived),
        ["A05"] = new("pre-admitted", Act.Set, EncounterStatus.Planned),
        ["A06"] = new("outpatient became inpatient", Act.ToInpatient, EncounterStatus.InProgress),
        ["A07"] = new("inpatient became outpatient", Act.ToOutpatient, EncounterStatus.InProgress),
        ["A08"] = new("data changed", Act.ChangeIfCurrent),
        ["A10"] = new("arrived, tracking", Act.Set, EncounterStatus.Arrived),
        ["A11"] = new("admission or arrival undone", Act.UndoAdmission, EncounterStatus.Cancelled),
        ["A12"] = new("transfer undone", Act.Change),
        ["A13"] = new("discharge undone", Act.Reopen, EncounterStatus.InProgress),
        ["A14"] = new("admission expected", Act.Set, EncounterStatus.Planned),
        ["A17"] = new("two patients changed beds", Act.Swap),
        ["A18"] = new("patients merged", Act.MergePatients),
        ["A21"] = new("went on leave", Act.Set, EncounterStatus.OnLeave),
        ["A22"] = new("came back from leave", Act.Set, EncounterStatus.InProgress),
        ["A23"] = new("visit deleted", Act.Set, EncounterStatus.EnteredInError),
        ["A27"] = new("expected admission cancelled", Act.CancelPlanned, EncounterStatus.Cancelled),
        ["A28"] = new("person added", Act.ChangePatient),
        ["A30"] = new("persons merged", Act.MergePatients),
        ["A31"] = new("person changed", Act.ChangePatient),
        ["A34"] = new("patients merged, identifier only", Act.MergePatients),
        ["A36"] = new("patients merged, identifier and account", Act.MergePatients),
        ["A38"] = new("pre-admission cancelled", Act.CancelPlanned, EncounterStatus.Cancelled),
        ["A39"] = new("persons merged", Act.MergePatients),
        ["A40"] = new("patients merged, identifier list", Act.MergePatients),
        ["A42"] = new("visits merged", Act.Renumber),
        ["A43"] = new("patient's identifiers moved", Act.OfAnotherPatient),
        ["A44"] = new("account moved to another patient", Act.OfAnotherPatient),
        ["A45"] = new("visit moved to another patient", Act.OfAnotherPatient),
        ["A46"] = new("patient's identifier changed", Act.MergePatients),
        ["A47"] = new("patient's identifiers changed", Act.MergePatients),
        ["A50"] = new("visit renumbered", Act.Renumber),
        ["A52"] = new("leave undone", Act.Set, EncounterStatus.InProgress),
        ["A53"] = new("return from leave undone", Act.Set, EncounterStatus.OnLeave),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly Trigger Other = new("none of ours", Act.PassOver);

    public static Trigger Get(string code) => Table.GetValueOrDefault(code, Other);

    public static IReadOnlyDictionary<string, Trigger> All => Table;
}
