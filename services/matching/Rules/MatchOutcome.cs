using System.Text.Json.Serialization;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>What was decided about one person on the register, with the evidence. Holds no trait of anybody.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome")]
[JsonDerivedType(typeof(Matched), "matched")]
[JsonDerivedType(typeof(NeedsReview), "needsReview")]
[JsonDerivedType(typeof(NoMatch), "noMatch")]
public abstract record MatchOutcome
{
    private MatchOutcome(Evidence evidence) => Evidence = evidence;

    /// <summary>Why.</summary>
    public Evidence Evidence { get; }

    /// <summary>
    /// The patient is this person: sure enough, far enough ahead of everybody else, and nothing speaks against
    /// it.
    /// </summary>
    public sealed record Matched(Evidence Evidence) : MatchOutcome(Evidence);

    /// <summary>A person must decide.</summary>
    /// <param name="Evidence">Why.</param>
    /// <param name="Reasons">What kept the rules from deciding.</param>
    public sealed record NeedsReview(Evidence Evidence, IReadOnlyList<ReviewReason> Reasons) : MatchOutcome(Evidence);

    /// <summary>Asking would cost more than it is worth.</summary>
    public sealed record NoMatch(Evidence Evidence) : MatchOutcome(Evidence);
}

/// <summary>What kept the rules from deciding.</summary>
public enum ReviewReason
{
    /// <summary>Likely, but not likely enough for an alert.</summary>
    Uncertain,

    /// <summary>Somebody else fits nearly as well, as twins do.</summary>
    RivalTooClose,

    /// <summary>The numbers agree and the person does not: it may be somebody else's number.</summary>
    NumberContradicted,

    /// <summary>Both have a valid number, and they differ.</summary>
    NumbersDiffer,

    /// <summary>Sex and birth date both differ.</summary>
    SexAndBirthDateDiffer,

    /// <summary>The given names differ, as those of brothers and sisters do.</summary>
    GivenNameDiffers,

    /// <summary>
    /// No number agrees, and the given name in use is not the same in both records, so a brother, a sister or
    /// a twin would look the same.
    /// </summary>
    GivenNameUndecided,

    /// <summary>A newborn joined to an unborn plan through the mother or the home.</summary>
    NewbornOfMother,

    /// <summary>
    /// Neither the number nor the birth date agrees in full, so a father or a cousin of the same name would
    /// look the same.
    /// </summary>
    BirthDateUndecided,

    /// <summary>Both records say which of twins it is, and not the same.</summary>
    BirthOrderDiffers,

    /// <summary>No number agrees and nothing of the home does: two strangers may share names and birth date.</summary>
    NamesAndBirthDateOnly,

    /// <summary>
    /// The numbers agree, but a trace of the patient's found no match or other details, and given name, birth date and
    /// home do not all agree.
    /// </summary>
    NumberDisputed,
}
