using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules.Comparisons;

/// <summary>Compares which of twins two newborns are said to be.</summary>
internal static class CompareTwins
{
    public static Observation? Between(Person patient, Person registered) =>
        patient.BirthOrder is null || registered.BirthOrder is null
            ? null
            : new("birthOrder", Differ(patient, registered) ? "different" : "equal");

    public static bool Differ(Person left, Person right) =>
        left.BirthOrder is { } ours && right.BirthOrder is { } theirs && ours != theirs;
}
