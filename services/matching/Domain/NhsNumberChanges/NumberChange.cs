using Safeguarding.Contracts;

namespace Safeguarding.Matching.Domain.NhsNumberChanges;

/// <summary>A person's NHS number was replaced by another, as the national demographics service says.</summary>
internal sealed class NumberChange
{
    public required Guid ChangeId { get; init; }

    /// <summary>The sender, as the CloudEvent names it.</summary>
    public required string Source { get; init; }

    /// <summary>The sender's own id of the event.</summary>
    public required string EventId { get; init; }

    public required NumberChangeKind Kind { get; init; }

    /// <summary>The demographic record is a restricted one.</summary>
    public required bool Restricted { get; init; }

    /// <summary>It reaches a plan that its council has restricted.</summary>
    public required bool RestrictedPlan { get; set; }

    public required string NumbersKey { get; init; }

    /// <summary>Both numbers, sealed.</summary>
    public required byte[] Numbers { get; init; }

    public required byte[] SupersededMac { get; init; }

    public required byte[] CurrentMac { get; init; }

    public required NumberChangeState State { get; set; }

    /// <summary>Grows with its state; of the event published last.</summary>
    public long Version { get; set; } = 1;

    public required DateTimeOffset ChangedAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Since when it waits, where it was followed before; null where it was held from the first.</summary>
    public DateTimeOffset? HeldAt { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Who decided or took the following back; null where nobody did.</summary>
    public string? DecidedBy { get; set; }

    public string? Reason { get; set; }

    /// <summary>A new state, and so a new version to send.</summary>
    public void Become(NumberChangeState state, DateTimeOffset at)
    {
        (State, Version) = (state, Version + 1);
        HeldAt = state == NumberChangeState.Held ? at : null;
    }

    public Sealed<ChangedNumbers> Sealed => new(NumbersKey, Numbers);
}

/// <summary>The two numbers of a change.</summary>
[SealedAs("Safeguarding.Matching.Numbers.ChangedNumbers")]
internal sealed record ChangedNumbers(NhsNumber Superseded, NhsNumber Current)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(ChangedNumbers);
}

/// <summary>The other numbers of one person.</summary>
[SealedAs("Safeguarding.Matching.Numbers.OtherNumbers")]
internal sealed record OtherNumbers(IReadOnlyList<NhsNumber> Numbers)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(OtherNumbers);
}

/// <summary>What kind of change.</summary>
internal enum NumberChangeKind
{
    /// <summary>Two records were found to be one person's: the superseded number is the current one's person.</summary>
    Merge,

    /// <summary>One record was found to be two persons'.</summary>
    Split,

    /// <summary>Anything else, or not said.</summary>
    Other,
}

/// <summary>What came of a change.</summary>
internal enum NumberChangeState
{
    /// <summary>Both numbers are one person's.</summary>
    Followed,

    /// <summary>Waits for a cleared reviewer, and has no effect till then.</summary>
    Held,

    /// <summary>A cleared reviewer decided that it is not to be followed.</summary>
    Refused,
}
