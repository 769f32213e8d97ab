using Safeguarding.Contracts;
using Safeguarding.Contracts.Plans;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Domain.Uploads;

internal enum LineAction
{
    Registers,
    Ends,
    Deletes,
    Refused,

    /// <summary>It is below the last plan and none itself.</summary>
    Closes,
}

/// <summary>
/// A judged line waiting to be applied, and afterwards its report. The person in it is sealed, and gone once
/// the line is done.
/// </summary>
internal sealed class StagedLine
{
    public required Guid UploadId { get; init; }
    public required int Line { get; init; }
    public LineAction Action { get; init; }
    public string? Reference { get; init; }
    public bool ReferenceIsSure { get; init; }
    public PlanKind? Kind { get; init; }
    public DateOnly? StartDate { get; init; }
    public DateOnly? EndDate { get; init; }
    public DateOnly? ExpectedDate { get; init; }
    public bool? Restricted { get; init; }
    public byte[]? Subject { get; init; }
    public string? SubjectKeyId { get; init; }
    public byte[]? NhsNumberMac { get; init; }

    /// <summary>
    /// MAC of the name and date of birth beside the number: tells several children with one number
    /// apart.
    /// </summary>
    public byte[]? NameMac { get; init; }

    public byte[]? FactsMac { get; init; }
    public bool HasMother { get; init; }
    public bool SpeaksOfMother { get; init; }

    /// <summary>What a refused line said, sealed; see <see cref="SentLine"/>.</summary>
    public byte[]? Sent { get; init; }
    public string? SentKeyId { get; init; }

    /// <summary>What came of it; null until it is done.</summary>
    public PlanOutcome? Outcome { get; init; }

    /// <summary>JSON of its <see cref="LineError"/>s, or null.</summary>
    public string? Faults { get; init; }

    public SealedFacts Facts() =>
        new()
        {
            Kind = Kind!.Value,
            StartDate = StartDate!.Value,
            EndDate = EndDate,
            ExpectedDate = ExpectedDate,
            Restricted = Restricted,
            Subject = new Sealed<Contracts.Persons.PersonTraits>(SubjectKeyId!, Subject!),
            NhsNumberMac = NhsNumberMac,
            FactsMac = FactsMac!,
            HasMother = HasMother,
            SpeaksOfMother = SpeaksOfMother,
        };
}

/// <summary>What a refused line said, by column, kept for a day so that its council can correct it.</summary>
/// <param name="Values">One for each column of an upload; null where there is none.</param>
internal sealed record SentLine(IReadOnlyList<string?> Values)
{
    public override string ToString() => nameof(SentLine);
}

/// <summary>
/// A running plan that a full register leaves out. Its version tells whether anybody changed it before it is
/// ended.
/// </summary>
internal sealed class UploadEnding
{
    public required Guid UploadId { get; init; }
    public required string Reference { get; init; }
    public required Guid PlanId { get; init; }
    public required long PlanVersion { get; init; }
    public bool Done { get; init; }
}
