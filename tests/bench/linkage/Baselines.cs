using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Names;

namespace Safeguarding.Bench.Linkage;

/// <summary>
/// Small likenesses of what is used today, on the same candidates: number equality (CP-IS), a cascade like the Master
/// Person Service's, and a fuzzy search like PDS's. They follow what is published of those (linkage.md §2.3 and §2.4),
/// no more.
/// </summary>
internal static class Baselines
{
    public static IReadOnlyList<Candidate> NumberEquality(Person patient, IReadOnlyList<Candidate> found) =>
        patient.Number is null ? [] : [.. found.Where(candidate => candidate.Person.Number == patient.Number)];

    public static IReadOnlyList<Candidate> MpsLike(Person patient, IReadOnlyList<Candidate> found)
    {
        var byNumber = found
            .Where(candidate =>
                patient.Number is { } number
                && (candidate.Person.Number == number || candidate.Person.FormerNumbers.Contains(number))
                && (
                    candidate.Person.BirthDate == patient.BirthDate
                    || (
                        PartOfBirthDate(patient, candidate.Person)
                        && (SameGiven(patient, candidate.Person) || SameOutcode(patient, candidate.Person))
                    )
                )
            )
            .ToList();
        if (byNumber.Count > 0)
            return byNumber;

        var alphanumeric = found
            .Where(candidate =>
                SameFamily(patient, candidate.Person)
                && SameGiven(patient, candidate.Person)
                && patient.BirthDate == candidate.Person.BirthDate
                && patient.Sex == candidate.Person.Sex
            )
            .ToList();
        if (alphanumeric.Count == 1)
            return alphanumeric;

        var scored = found
            .Select(candidate => (Candidate: candidate, Score: OutOfFive(patient, candidate.Person)))
            .OrderByDescending(pair => pair.Score)
            .ToList();
        return scored.Count > 0 && scored[0].Score >= 3 && (scored.Count == 1 || scored[0].Score - scored[1].Score >= 1)
            ? [scored[0].Candidate]
            : [];
    }

    public static IReadOnlyList<Candidate> PdsFuzzyLike(Person patient, IReadOnlyList<Candidate> found)
    {
        var hits = found
            .Where(candidate =>
                candidate.Role == MatchRole.Child
                && patient.BirthDate == candidate.Person.BirthDate
                && (
                    Sounds(patient, candidate.Person, swapped: false)
                    || Sounds(patient, candidate.Person, swapped: true)
                )
            )
            .ToList();
        return hits.Count == 1 ? hits : [];
    }

    private static int OutOfFive(Person patient, Person registered) =>
        (SameFamily(patient, registered) ? 1 : 0)
        + (SameGiven(patient, registered) ? 1 : 0)
        + (patient.BirthDate == registered.BirthDate ? 1 : 0)
        + (patient.Sex == registered.Sex ? 1 : 0)
        + (SamePostcode(patient, registered) ? 1 : 0);

    private static bool PartOfBirthDate(Person patient, Person registered) =>
        patient.BirthDate is { } ours
        && registered.BirthDate is { } theirs
        && (ours.Year == theirs.Year ? 1 : 0) + (ours.Month == theirs.Month ? 1 : 0) + (ours.Day == theirs.Day ? 1 : 0)
            >= 2;

    private static bool SameFamily(Person left, Person right) =>
        Any(left, right, static (a, b) => a.Family.Joined.Length > 0 && a.Family.Joined == b.Family.Joined);

    private static bool SameGiven(Person left, Person right) =>
        Any(left, right, static (a, b) =>
            a.Given.Words.Count > 0 && b.Given.Words.Count > 0 && a.Given.Words[0] == b.Given.Words[0]
        );

    private static bool Sounds(Person left, Person right, bool swapped) =>
        Any(left, right, (a, b) =>
            Sound(swapped ? a.Given : a.Family) == Sound(b.Family)
            && Sound(swapped ? a.Family : a.Given) == Sound(b.Given)
        );

    private static string Sound(NameWords name) => name.PhoneticKeys.Count == 0 ? "" : name.PhoneticKeys[0];

    private static bool SamePostcode(Person left, Person right) =>
        left.Postcodes.Any(ours => right.Postcodes.Any(theirs => ours.Text == theirs.Text));

    private static bool SameOutcode(Person left, Person right) =>
        left.Postcodes.Any(ours => right.Postcodes.Any(theirs => ours.Outcode == theirs.Outcode));

    private static bool Any(Person left, Person right, Func<ComparedName, ComparedName, bool> agree) =>
        left.Names.Any(ours => right.Names.Any(theirs => agree(ours, theirs)));
}
