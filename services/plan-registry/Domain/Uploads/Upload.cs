using Safeguarding.Hosting.Access;

namespace Safeguarding.PlanRegistry.Domain.Uploads;

internal enum UploadMode
{
    /// <summary>The whole register: what is missing has ended.</summary>
    Full,

    /// <summary>Only what changed.</summary>
    Changes,
}

internal enum UploadState
{
    /// <summary>The body is coming in.</summary>
    Receiving,

    /// <summary>Received whole; its turn comes when the council's earlier uploads are done.</summary>
    Queued,

    /// <summary>Lines are being applied to the register.</summary>
    Applying,

    /// <summary>Plans missing from a full register are being ended.</summary>
    Ending,

    /// <summary>What can be applied is; the rest needs the council's word.</summary>
    AwaitingConfirmation,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>The council decided that what waited is wrong.</summary>
    Discarded,

    /// <summary>A later full register came before the council's word; it decides instead.</summary>
    Superseded,

    /// <summary>Not received whole, or not usable; nothing was changed by it unless the code says otherwise.</summary>
    Failed,
}

/// <summary>
/// One upload of one council, with how far it is. What each step did is committed with the step, so a restart
/// goes on from here.
/// </summary>
internal sealed class Upload
{
    /// <summary>
    /// So long after it came a dry run can be confirmed, and refused lines be had as they were sent, to be corrected.
    /// </summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public required Guid Id { get; init; }
    public required string CouncilCode { get; init; }
    public required string ClientId { get; init; }
    public required long Sequence { get; set; }
    public required UploadMode Mode { get; init; }
    public required bool DryRun { get; set; }
    public required UploadFormat Format { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public UploadState State { get; set; }

    /// <summary>
    /// SHA-256 of the lines as sent: tells a repeat from another upload under the same number. The lines hold
    /// too much for it to be reversed.
    /// </summary>
    public byte[]? ContentHash { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Who confirmed or discarded the endings.</summary>
    public string? DecidedBy { get; set; }

    /// <summary>
    /// The person who sent it, or later confirmed it: what it changes is recorded as theirs. Null of a system.
    /// </summary>
    public Person? Person { get; set; }

    public string? FailureCode { get; set; }
    public string? FailureWords { get; set; }

    /// <summary>How often a step failed since one last went well.</summary>
    public int Attempts { get; set; }

    public int Lines { get; set; }
    public int LinesDone { get; set; }

    /// <summary>Number in the file of the last line that is done; the next step goes on behind it.</summary>
    public int LastLine { get; set; }

    public int Registered { get; set; }
    public int Amended { get; set; }
    public int Ended { get; set; }
    public int Deleted { get; set; }
    public int Unchanged { get; set; }
    public int NotKept { get; set; }
    public int Refused { get; set; }

    /// <summary>Lines below the last plan, such as a total.</summary>
    public int Skipped { get; set; }

    /// <summary>Lines that were taken, of which something could not be used or should be looked at.</summary>
    public int Warned { get; set; }

    /// <summary>Refused lines of which it cannot be told which plan they were about.</summary>
    public int Unreadable { get; set; }

    /// <summary>How many plans were running before this upload.</summary>
    public int Running { get; set; }

    /// <summary>How many running plans are missing from a full register.</summary>
    public int Missing { get; set; }

    /// <summary>How many of those were ended.</summary>
    public int MissingEnded { get; set; }

    /// <summary>Number in the file of the last line whose effect was counted.</summary>
    public int LinesAssessed { get; set; }

    /// <summary>Running plans that the lines give to somebody else: another number, name or date of birth.</summary>
    public int IdentityChanges { get; set; }

    /// <summary>Running plans that lines end.</summary>
    public int LineEndings { get; set; }

    /// <summary>Running plans that lines delete.</summary>
    public int LineDeletions { get; set; }

    /// <summary>Lines that wait for the council's word.</summary>
    public int Held { get; set; }

    public DateTimeOffset? WaitingSince { get; set; }

    /// <summary>When whoever receives the body last said that it still does, by Postgres's clock.</summary>
    public DateTimeOffset? HeardAt { get; set; }

    /// <summary>The council goes on from a lower number: this one is free again.</summary>
    public bool NumberReleased { get; set; }
}
