using Safeguarding.Matching.Rules.Measures;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Compares the columns that only files have.</summary>
internal static class CompareFurther
{
    private const int ShortestWord = 4;

    public static void Add(List<Observation> seen, Person patient, Person registered, Population population)
    {
        foreach (var ours in patient.Further)
        {
            if (Find(registered, ours.Trait) is { } theirs)
                seen.Add(Observe(ours, theirs, patient, registered, population));
        }
    }

    private static FurtherTrait? Find(Person person, string trait)
    {
        foreach (var further in person.Further)
        {
            if (further.Trait == trait)
                return further;
        }

        return null;
    }

    private static Observation Observe(
        FurtherTrait ours,
        FurtherTrait theirs,
        Person patient,
        Person registered,
        Population population
    )
    {
        var trait = ours.Trait;
        if (ours.Text == theirs.Text)
            return new(trait, "equal", population.ShareOf(trait, ours.Text));
        if (InAnotherColumn(ours, registered) || InAnotherColumn(theirs, patient))
            return new(trait, "swapped");
        if (Math.Min(ours.Text.Length, theirs.Text.Length) < ShortestWord)
            return new(trait, "different");

        var similarity = JaroWinkler.Similarity(ours.Text, theirs.Text);
        if (similarity >= 0.94 || EditDistance.Between(ours.Text, theirs.Text, 1) == 1)
            return new(trait, "close");
        if (SharedWord(ours, theirs, population) is { } share)
            return new(trait, "shared", share);
        return new(trait, similarity >= 0.88 ? "alike" : "different");
    }

    // Address lines one and two, town and county: what one record has here the other has there.
    private static bool InAnotherColumn(FurtherTrait value, Person other)
    {
        foreach (var further in other.Further)
        {
            if (further.Trait != value.Trait && further.Text.Length >= ShortestWord && further.Text == value.Text)
                return true;
        }

        return false;
    }

    private static double? SharedWord(FurtherTrait ours, FurtherTrait theirs, Population population)
    {
        double? rarest = null;
        if (ours.Words.Count == 1 && theirs.Words.Count == 1)
            return null;
        foreach (var word in ours.Words)
        {
            if (word.Length >= ShortestWord && theirs.Words.Contains(word))
            {
                var share = population.ShareOf(ours.Trait, word) ?? 0.01;
                if (!(share >= rarest))
                    rarest = share;
            }
        }

        return rarest;
    }
}
