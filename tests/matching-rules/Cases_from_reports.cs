using System.Text.RegularExpressions;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// Attendances taken from public reports of patients taken for one another, each with the outcomes that a careful
/// steward accepts (<c>tests/matching/Cases</c>). Every plan of a kind is on one council's register, and every
/// attendance is looked for among all of them.
/// </summary>
public sealed partial class Cases_from_reports
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Cases");

    public static TheoryData<string> Kinds =>
        [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Are_decided_as_a_careful_steward_accepts(string kind)
    {
        var registry = Rows(kind, "registry.csv")
            .ToDictionary(
                row => row[0],
                row => new Candidate(Guid.CreateVersion7(), "E08000035", MatchRole.Child, Person.From(TraitsOf(row)))
            );
        using var index = new RegisterIndex([.. registry.Values]);
        var encounters = Rows(kind, "encounters.csv").ToDictionary(row => row[0], TraitsOf);
        var refused = File.ReadLines(Path.Combine(Folder, kind, "expected.txt"))
            .Where(line => line[0] != '#')
            .Select(line => Refused(line.Split('\t'), registry, index, encounters))
            .OfType<string>()
            .ToList();

        Assert.True(refused.Count == 0, string.Join(Environment.NewLine, refused));
    }

    private static string? Refused(
        string[] expected,
        Dictionary<string, Candidate> registry,
        RegisterIndex index,
        Dictionary<string, PersonTraits> encounters
    )
    {
        var patient = Person.From(encounters[expected[0]]);
        var decision = Decide.From(patient, index.Find(patient).Found, Parameters.Default);
        var outcomes = registry.ToDictionary(row => row.Key, row => Outcome(decision, row.Value));
        var own = outcomes[expected[1]];
        var evidence = decision
            .Persons.FirstOrDefault(person => person.Plans.Any(plan => plan.PlanId == registry[expected[1]].PlanId))
            ?.Outcome.Evidence;
        var never = Never().Match(string.Join(' ', expected[4..]));
        if (never.Success && outcomes[never.Groups[1].Value] == 'M')
            return $"{expected[0]} is told of {never.Groups[1].Value} too";
        if (outcomes.Any(other => other.Key != expected[1] && other.Value == 'M' && expected[2] != "amb"))
        {
            return $"{expected[0]} is told of "
                + $"{outcomes.First(other => other.Key != expected[1] && other.Value == 'M').Key}";
        }

        return expected[3].Contains(own, StringComparison.Ordinal)
            ? null
            : $"{expected[0]} of {expected[1]} ({expected[2]}: {expected[^1]}) is {own}, not {expected[3]}; "
                + $"posterior {evidence?.Posterior:F5}, "
                + string.Join(
                    ", ",
                    evidence?.Traits.Select(trait => $"{trait.Trait} {trait.Level} {trait.Bits:F1}") ?? []
                );
    }

    private static char Outcome(Decision decision, Candidate plan) =>
        decision
            .Persons.Where(person => person.Plans.Any(own => own.PlanId == plan.PlanId))
            .Select(person => person.Outcome)
            .ToList() switch
        {
            var outcomes when outcomes.Exists(outcome => outcome is MatchOutcome.Matched) => 'M',
            var outcomes when outcomes.Exists(outcome => outcome is MatchOutcome.NeedsReview) => 'R',
            _ => 'N',
        };

    private static IEnumerable<string[]> Rows(string kind, string file) =>
        File.ReadLines(Path.Combine(Folder, kind, file)).Skip(1).Select(line => line.Split(','));

    private static PersonTraits TraitsOf(string[] row) =>
        new()
        {
            Identifier = NhsNumber.TryParse(row[1], out var number)
                ? new PersonIdentifier.Known(number)
                : new PersonIdentifier.Unknown(),
            Names = [new(NameUse.Usual, row[3], row[2].Split(' ', StringSplitOptions.RemoveEmptyEntries))],
            BirthDate = DateOnly.Parse(row[4], System.Globalization.CultureInfo.InvariantCulture),
            Sex = row[5] switch
            {
                "male" => Sex.Male,
                "female" => Sex.Female,
                _ => null,
            },
            Postcodes = row[6].Length == 0 ? [] : [new(row[6])],
            Phones = row[7].Length == 0 ? [] : [row[7]],
        };

    [GeneratedRegex(@"never (?:automatically )?([\w-]+)")]
    private static partial Regex Never();
}
