using System.Text.Json.Serialization;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Hl7v2.Messages;

namespace Safeguarding.EncounterIngest.Hl7v2.Senders;

/// <summary>Which answer a message gets that can never be stored.</summary>
internal enum PermanentFault
{
    AR,
    AE,

    /// <summary>For engines that stop their queue at any other: the refusal is in GET /refusals only.</summary>
    AA,
}

/// <summary>What a sender is answered while the hub cannot store.</summary>
internal enum WhileUnavailable
{
    /// <summary>Nothing: the connection is closed, and the sender sends again.</summary>
    Close,
    AE,
}

/// <summary>Which of a message's times puts versions in order.</summary>
internal enum VersionClock
{
    /// <summary>EVN-2, else MSH-7.</summary>
    EventRecorded,

    /// <summary>MSH-7.</summary>
    MessageTime,

    /// <summary>None: the order of arrival.</summary>
    Arrival,
}

/// <summary>One sending system, as its file in the folder of senders describes it.</summary>
internal sealed record SenderProfile
{
    /// <summary>Name of the file, without its extension.</summary>
    public string Name { get; init; } = "";

    /// <summary>ODS code of the trust whose encounters these are.</summary>
    public required string Organisation { get; init; }

    /// <summary>The same with what ODS says of its sites, where a file of it is loaded.</summary>
    [JsonIgnore]
    public SendingTrust Trust
    {
        get => field ?? new SendingTrust(Organisation);
        init;
    }

    /// <summary>The system of its visit numbers, as FHIR's Encounter.identifier.system.</summary>
    public required string IdentifierSystem { get; init; }

    /// <summary>SHA-256 thumbprints of the client certificates with which it connects.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary>MSH-3.1, where several profiles share a certificate or come in plain.</summary>
    public string? Application { get; init; }

    /// <summary>MSH-4.1, likewise.</summary>
    public string? Facility { get; init; }

    public AckMode AckMode { get; init; }

    public PermanentFault PermanentFault { get; init; }

    public WhileUnavailable WhileUnavailable { get; init; }

    public VersionClock VersionClock { get; init; }

    /// <summary>Where MSH-18 is empty; a name of table 0211.</summary>
    public string? CharacterSet { get; init; }

    /// <summary>Where the visit number is, the first that is not empty.</summary>
    public IReadOnlyList<string> VisitNumber { get; init; } = ["PV1-19", "PID-18"];

    /// <summary>PV1-2 to the code of FHIR's class, over what is usual.</summary>
    public IReadOnlyDictionary<string, string> Classes { get; init; } = new Dictionary<string, string>();

    /// <summary>PV1-10 to a treatment function, such as <c>Emergency</c> to 180.</summary>
    public IReadOnlyDictionary<string, string> TreatmentFunctions { get; init; } = new Dictionary<string, string>();

    /// <summary>Ward (PV1-3.1) or facility (PV1-3.4) to ODS site code.</summary>
    public IReadOnlyDictionary<string, string> Sites { get; init; } = new Dictionary<string, string>();

    /// <summary>The site where no other is found: for a sender of one site only.</summary>
    public string? Site { get; init; }

    /// <summary>Values of PV1-36 that say that the patient left before being seen.</summary>
    public IReadOnlyList<string> LeftBeforeSeen { get; init; } = [];

    /// <summary>Values of EVN-4 with which an A04 is not an arrival, only a record that was made.</summary>
    public IReadOnlyList<string> NotArrivals { get; init; } = [];

    /// <summary>Events that are acknowledged and passed over.</summary>
    public IReadOnlyList<string> IgnoredEvents { get; init; } = [];

    /// <summary>MSH-11 of messages that are stored; others are acknowledged and passed over.</summary>
    public IReadOnlyList<string> ProcessingIds { get; init; } = ["P"];

    /// <summary>Refuse, instead of passing over, what is not ADT and other processing ids.</summary>
    public bool RefuseOthers { get; init; }
}
