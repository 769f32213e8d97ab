using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>A plan as the hub stores it. Who it is about is sealed; the MACs find and compare without
/// opening.</summary>
internal sealed class Plan
{
    public required Guid Id { get; init; }
    public required string CouncilCode { get; init; }
    public required string Reference { get; init; }
    public long Version { get; set; }
    public PlanKind Kind { get; set; }
    public DateOnly StartDate { get; set; }
    public DateOnly? EndDate { get; set; }
    public DateOnly? ExpectedDate { get; set; }

    /// <summary>No change of a number is followed to it but by a cleared reviewer.</summary>
    public bool Restricted { get; set; }

    /// <summary>Null once the plan is deleted: what was never right is not kept.</summary>
    public byte[]? Subject { get; set; }

    public string? SubjectKeyId { get; set; }

    /// <summary>MAC of the subject's NHS number, or null where it is unknown or withheld.</summary>
    public byte[]? NhsNumberMac { get; set; }

    /// <summary>
    /// When that number was superseded by another, or null while it is right as far as the hub is
    /// told.
    /// </summary>
    public DateTimeOffset? NumberSupersededAt { get; set; }

    /// <summary>The change of a number received last.</summary>
    public Guid? NumberChangeId { get; set; }

    public long NumberChangeVersion { get; set; }

    /// <summary>MAC of what the council last said, end date left out: equal means nothing changed.</summary>
    public byte[]? FactsMac { get; set; }

    /// <summary>
    /// MAC of the subject's birth date, by which a look-up by traits finds it; null where it is
    /// unknown.
    /// </summary>
    public byte[]? BirthDateMac { get; private set; }

    /// <summary>
    /// The version whose subject <see cref="BirthDateMac"/> is of. It lags where a replica of a release that knows no
    /// such MAC wrote the plan.
    /// </summary>
    public long KeyedVersion { get; private set; }

    public bool HasMother { get; set; }
    public required DateTimeOffset RegisteredAt { get; init; }
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The upload that changed it last, or null where a single request did.</summary>
    public Guid? ChangedByUpload { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    public Sealed<PersonTraits> SealedSubject => new(SubjectKeyId!, Subject!);

    /// <summary>Ended plans are shown for 12 months.</summary>
    public bool IsVisible(DateOnly today) =>
        DeletedAt is null && (EndDate is null || EndDate >= EarliestShownEnd(today));

    public static DateOnly EarliestShownEnd(DateOnly today) => today.AddMonths(-12);

    public void Take(SealedFacts facts)
    {
        (Kind, StartDate, EndDate, ExpectedDate) = (facts.Kind, facts.StartDate, facts.EndDate, facts.ExpectedDate);
        // Not said is not lifted: an older file that lacks the column must not open what is restricted.
        Restricted = facts.Restricted ?? Restricted;
        if (!(NhsNumberMac ?? []).AsSpan().SequenceEqual(facts.NhsNumberMac))
            NumberSupersededAt = null;
        (SubjectKeyId, Subject) = (facts.Subject.KeyId, facts.Subject.Value);
        (NhsNumberMac, FactsMac, HasMother) = (facts.NhsNumberMac, facts.FactsMac, facts.HasMother);
    }

    /// <summary>Has it found by the birth date of its subject as that is now.</summary>
    public void KeyBy(byte[]? birthDateMac) => (BirthDateMac, KeyedVersion) = (birthDateMac, Version);

    public void Changed(DateTimeOffset now, Guid? byUpload)
    {
        var isKeyed = KeyedVersion == Version;
        Version++;
        if (isKeyed)
            KeyedVersion = Version;
        (ChangedAt, ChangedByUpload) = (now, byUpload);
    }
}
