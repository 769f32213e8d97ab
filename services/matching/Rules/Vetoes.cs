using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>What keeps a likely person from being matched without a human eye. A veto never changes the posterior.</summary>
internal static class Vetoes
{
    public static List<ReviewReason> Of(IReadOnlyList<Observation> seen, bool newborn)
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
        // Parents give twins the same initial.
        if (number != Relation.Agrees && (given is null || seen.LevelOf("givenName") == "initial"))
            reasons.Add(ReviewReason.GivenNameUndecided);
        if (number != Relation.Agrees && born is null)
            reasons.Add(ReviewReason.BirthDateUndecided);
        return reasons;
    }

    /// <summary>
    /// A wrong number that passes its check digit is another person's, most often a brother's, a sister's or the mother's: they share
    /// the surname and the home, so the given name, the birth date and the sex must bear it out.
    /// </summary>
    public static bool NumberIsContradicted(IReadOnlyList<Observation> seen)
    {
        if (seen.RelationOf("identifier") != Relation.Agrees)
            return false;
        var (given, sex, born) = (seen.RelationOf("givenName"), seen.RelationOf("sex"), seen.RelationOf("birthDate"));
        var family = seen.RelationOf("familyName");
        var against = (given == Relation.Differs ? 2 : 0) + (born == Relation.Differs ? 2 : 0)
            + (sex == Relation.Differs ? 1 : 0) + (family == Relation.Differs ? 1 : 0);
        // Neither the very name nor the very birth date: a brother a year younger with a like name would look so too.
        var borneOut = given == Relation.Agrees || born == Relation.Agrees;
        return against >= 2 || !borneOut;
    }
}
