using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// What keeps a likely person from being matched without a human eye. A veto never changes the
/// posterior.
/// </summary>
internal static class Vetoes
{
    public static List<ReviewReason> Find(IReadOnlyList<Observation> seen, bool newborn)
    {
        var reasons = new List<ReviewReason>();
        if (newborn)
        {
            reasons.Add(ReviewReason.NewbornOfMother);
            return reasons;
        }

        var number = seen.RelationOf("identifier");
        var given = seen.RelationOf("givenName");
        var sex = seen.RelationOf("sex");
        var born = seen.RelationOf("birthDate");
        if (NumberIsContradicted(seen))
            reasons.Add(ReviewReason.NumberContradicted);
        if (number is Relation.Differs or Relation.Close)
            reasons.Add(ReviewReason.NumbersDiffer);
        if (sex == Relation.Differs && born == Relation.Differs)
            reasons.Add(ReviewReason.SexAndBirthDateDiffer);
        if (given == Relation.Differs)
            reasons.Add(ReviewReason.GivenNameDiffers);
        if (seen.RelationOf("birthOrder") == Relation.Differs)
            reasons.Add(ReviewReason.BirthOrderDiffers);
        if (number == Relation.Agrees)
        {
            // A trace that failed says that it may be another person's: then all else must agree.
            if (
                seen.LevelOf("numberStatus") == "disputed"
                && (given != Relation.Agrees || born != Relation.Agrees || !HomeAgrees(seen))
            )
            {
                reasons.Add(ReviewReason.NumberDisputed);
            }

            return reasons;
        }

        // Parents give twins like names, and all their sons the same first one.
        if (given is null or Relation.Close)
            reasons.Add(ReviewReason.GivenNameUndecided);
        // Cousins of one name in one home are a slip of a key apart, and of those whose year alone is known many are
        // born on 1 January.
        if (born != Relation.Agrees)
            reasons.Add(ReviewReason.BirthDateUndecided);
        // Families of one origin draw on the same few names: how common both are together was never counted by birth
        // date.
        if (!HomeAgrees(seen))
            reasons.Add(ReviewReason.NamesAndBirthDateOnly);
        return reasons;
    }

    /// <summary>
    /// A wrong number that passes its check digit is another person's: a brother's, a sister's or the mother's, who
    /// share the surname and the home, or that of somebody of a like name and the same birth date, picked from a list.
    /// So names, birth date and home must bear it out.
    /// </summary>
    public static bool NumberIsContradicted(IReadOnlyList<Observation> seen)
    {
        if (seen.RelationOf("identifier") != Relation.Agrees)
            return false;
        var (given, sex, born) = (seen.RelationOf("givenName"), seen.RelationOf("sex"), seen.RelationOf("birthDate"));
        var family = seen.RelationOf("familyName");
        var against =
            (born == Relation.Differs ? 2 : 0)
            + (sex == Relation.Differs ? 1 : 0)
            + (family == Relation.Differs ? 1 : 0);
        return against >= 2 || !IsBorneOut(seen, given, born, family, sex);
    }

    private static bool IsBorneOut(
        IReadOnlyList<Observation> seen,
        Relation? given,
        Relation? born,
        Relation? family,
        Relation? sex
    )
    {
        if (given == Relation.Agrees)
            return born == Relation.Agrees || family is Relation.Agrees or Relation.Close;
        // A short form, or a slip that makes no other name: one child's, where the home is one too. A twin's name may
        // be alike or unknown.
        var level = seen.LevelOf("givenName");
        return level is "prefix" or "nickname" or "close"
            && (born == Relation.Agrees || (level == "prefix" && seen.LevelOf("birthDate") == "yearOnly"))
            && family is Relation.Agrees or Relation.Close
            && sex != Relation.Differs
            && HomeAgrees(seen);
    }

    // Of a postcode or telephone that many households have, "communal" says that it is nobody's home.
    private static bool HomeAgrees(IReadOnlyList<Observation> seen)
    {
        foreach (var observation in seen)
        {
            if (
                (
                    observation.Level == "equal"
                    && (
                        observation.Trait is "postcode" or "phone"
                        || observation.Trait.StartsWith("address", StringComparison.Ordinal)
                        || observation.Trait.StartsWith("email", StringComparison.Ordinal)
                    )
                ) || observation is { Trait: "mother", Level: "number" or "names" }
            )
            {
                return true;
            }
        }

        return false;
    }
}
