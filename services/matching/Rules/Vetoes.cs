using Safeguarding.Matching.Rules.Comparisons;

namespace Safeguarding.Matching.Rules;

/// <summary>What keeps a likely person from being matched without a human eye. A veto never changes the posterior.</summary>
internal static class Vetoes
{
    public static List<ReviewReason> Of(Weight weight, bool newborn)
    {
        var reasons = new List<ReviewReason>();
        if (newborn)
        {
            reasons.Add(ReviewReason.NewbornOfMother);
            return reasons;
        }

        var sameNumber = weight.Has("identifier", Relation.Agrees);
        if (sameNumber && Contradicts(weight))
            reasons.Add(ReviewReason.NumberContradicted);
        if (weight.Has("identifier", Relation.Differs))
            reasons.Add(ReviewReason.NumbersDiffer);
        if (weight.Has("sex", Relation.Differs) && weight.Has("birthDate", Relation.Differs))
            reasons.Add(ReviewReason.SexAndBirthDateDiffer);
        if (weight.Has("givenName", Relation.Differs))
            reasons.Add(ReviewReason.GivenNameDiffers);
        if (!sameNumber && !weight.Has("givenName"))
            reasons.Add(ReviewReason.GivenNameUndecided);
        return reasons;
    }

    // A number passes its check digit and is still another person's: then the person does not fit it.
    private static bool Contradicts(Weight weight)
    {
        var differs = 0;
        foreach (var trait in weight.Traits)
        {
            if (trait.Relation == Relation.Differs && trait.Trait is "givenName" or "familyName" or "birthDate" or "sex")
                differs += trait.Trait == "birthDate" ? 2 : 1;
        }

        return differs >= 2 || weight.Has("givenName", Relation.Differs);
    }
}
