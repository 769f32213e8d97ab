using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Bench.Linkage;

/// <summary>Councils' plans for some of the children, and for some mothers of the unborn.</summary>
internal sealed class Register
{
    private const double WholeHome = 0.6;
    private const double TwoCouncils = 0.02;

    private readonly List<Candidate> _candidates = [];
    private readonly Dictionary<Guid, Child> _childOf = [];
    private readonly HashSet<int> _registered = [];

    public IReadOnlyList<Candidate> Candidates => _candidates;
    public List<Child> Children { get; } = [];
    public List<Child> Siblings { get; } = [];
    public List<(Guid PlanId, Home Home, DateOnly Expected)> Unborn { get; } = [];

    public bool ChildIsSibling(Child child) => child.Home.Children.Exists(other => _registered.Contains(other.Id));

    public Child? ChildOf(Guid planId) => _childOf.GetValueOrDefault(planId);

    public static Register Of(int size, double unborn, Population population, Writing writing, DateOnly today)
    {
        var register = new Register();
        while (register.Children.Count < size * (1 - unborn))
            register.Add(population.NewHome(), population, writing);
        while (register.Unborn.Count < size * unborn)
            register.AddUnborn(population.NewHome(), today.AddDays(population.Random.Next(-25, 150)));
        return register;
    }

    private void Add(Home home, Population population, Writing writing)
    {
        var whole = population.Chance(WholeHome);
        var only = population.Random.Next(home.Children.Count);
        foreach (var child in home.Children)
        {
            if (!whole && child != home.Children[only])
            {
                Siblings.Add(child);
                continue;
            }

            Children.Add(child);
            _registered.Add(child.Id);
            var plans = population.Chance(TwoCouncils) ? 2 : 1;
            for (var i = 0; i < plans; i++)
                AddPlan(child, i == 0 ? "E08000035" : "E08000032", writing);
        }
    }

    private void AddPlan(Child child, string council, Writing writing)
    {
        var traits = writing.OnThePlan(child, out var supersededBy);
        var person = Person.From(traits);
        if (supersededBy is not null)
        {
            person = Person
                .From(traits with { Identifier = new PersonIdentifier.Known(NhsNumber.Parse(supersededBy)) })
                .WithFormerNumbers([NhsNumber.Parse(child.Number)]);
        }

        var plan = new Candidate(Guid.CreateVersion7(), council, MatchRole.Child, person);
        _candidates.Add(plan);
        _childOf.Add(plan.PlanId, child);
    }

    private void AddUnborn(Home home, DateOnly expected)
    {
        var plan = new Candidate(
            Guid.CreateVersion7(),
            "E08000035",
            MatchRole.MotherOfUnborn,
            Person.From(MotherOf(home)),
            expected
        );
        _candidates.Add(plan);
        Unborn.Add((plan.PlanId, home, expected));
    }

    public static PersonTraits MotherOf(Home home) =>
        new()
        {
            Identifier = new PersonIdentifier.Known(NhsNumber.Parse(home.MotherNumber)),
            Names = [new(NameUse.Usual, home.MotherFamily, [home.MotherGiven])],
            BirthDate = new DateOnly(
                1985 + (home.MotherNumber[8] % 15),
                1 + (home.MotherNumber[7] % 12),
                1 + (home.MotherNumber[6] % 28)
            ),
            Sex = Sex.Female,
            Postcodes = [new(home.Postcode)],
            Phones = [home.Phone],
        };
}
