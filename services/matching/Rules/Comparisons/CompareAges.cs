using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Tells whether the patient was too old, on the day of the encounter, to be the child of a plan.</summary>
internal static class CompareAges
{
    // A child is a person under eighteen: Children Act 1989, section 105(1).
    private const int OfAge = 18;

    // A council owes a care leaver a pathway plan until this birthday: Children Act 1989, section 23CZB, inserted by
    // the Children and Social Work Act 2017, section 3. Which plan it is, a file need not say.
    private const int CareLeaver = 25;

    /// <summary>Writes down that the patient was too old, where no slip of a key made the patient so old.</summary>
    public static void Mark(List<Observation> seen, Person patient, Candidate candidate)
    {
        if (candidate.Role != MatchRole.Child || patient.SeenOn is not { } day)
            return;
        var limit = candidate.Kind == PlanKind.ChildProtection ? OfAge : CareLeaver;
        if (!IsPast(limit, patient.BirthDate, day))
            return;
        var at = seen.FindIndex(observation => observation.Trait == "birthDate");
        if (at < 0)
        {
            seen.Add(new("birthDate", "adult"));
            return;
        }

        var mayBeASlip = seen[at].Level is "oneDigit" or "swapped" or "dayApart" or "yearOnly";
        if (seen[at].Level != "generation" && (!mayBeASlip || IsPast(limit, candidate.Person.BirthDate, day)))
            seen[at] = new("birthDate", "adult");
    }

    // Who was born on 29 February is a year older on 1 March, as the parts of the dates tell.
    private static bool IsPast(int limit, BirthDate? birthDate, DateOnly day) =>
        birthDate is { } born
        && (born.Year + limit, born.Month, born.Day).CompareTo((day.Year, day.Month, day.Day)) <= 0;
}
