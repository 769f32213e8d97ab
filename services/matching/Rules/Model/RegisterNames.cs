using Safeguarding.Matching.Rules.Names;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.Matching.Rules.Model;

/// <summary>
/// How many people of one register, no two of one birth date, bear each name. What more of them bear than any name is
/// borne is not a name but what a system writes where none is known. In memory only.
/// </summary>
public sealed class RegisterNames
{
    // Families of one origin live together, so that a register has some names many times oftener than the country; and
    // a small register has a few families.
    private const int TimesTheCommonest = 5;
    private const int Fewest = 30;

    private readonly Dictionary<(string Trait, string Text), int> _bearers;
    private readonly int _people;

    private RegisterNames(Dictionary<(string Trait, string Text), int> bearers, int people) =>
        (_bearers, _people) = (bearers, people);

    /// <summary>Counts the people of one register; null where none of their texts is borne by many.</summary>
    public static RegisterNames? Count(IEnumerable<Person> people)
    {
        var births = new Dictionary<(string Trait, string Text), HashSet<BirthDate>>();
        var all = 0;
        foreach (var person in people)
        {
            all++;
            if (person.BirthDate is not { } born)
                continue;
            foreach (var name in person.Names)
            {
                Add("familyName", name.Family, born);
                Add("givenName", name.Given, born);
            }
        }

        var many = births
            .Where(pair => pair.Value.Count >= Fewest)
            .ToDictionary(pair => pair.Key, pair => pair.Value.Count);
        return many.Count == 0 ? null : new(many, all);

        void Add(string trait, NameWords name, BirthDate born)
        {
            if (name.IsEmpty)
                return;
            if (!births.TryGetValue((trait, name.Joined), out var dates))
                births[(trait, name.Joined)] = dates = [];
            dates.Add(born);
        }
    }

    /// <summary>The plans of a whole register, each with the names of its council's.</summary>
    public static IReadOnlyList<Candidate> Into(IReadOnlyList<Candidate> register)
    {
        var names = register.GroupBy(plan => plan.CouncilCode, plan => plan.Person).ToDictionary(own => own.Key, Count);
        return names.Values.All(own => own is null)
            ? register
            : [.. register.Select(plan => plan with { RegisterNames = names[plan.CouncilCode] })];
    }

    /// <summary>The person without what is not a name on this register.</summary>
    public Person TakenOutOf(Person person, Population population)
    {
        if (!person.Names.Any(name => IsNone("familyName", name.Family) || IsNone("givenName", name.Given)))
            return person;
        return person with
        {
            Names =
            [
                .. person
                    .Names.Select(name =>
                        name with
                        {
                            Family = IsNone("familyName", name.Family) ? NameWords.None : name.Family,
                            Given = IsNone("givenName", name.Given) ? NameWords.None : name.Given,
                        }
                    )
                    .Where(name => !name.IsEmpty),
            ],
        };

        bool IsNone(string trait, NameWords name) =>
            _bearers.TryGetValue((trait, name.Joined), out var bearers)
            && !population.IsCounted(trait, name.Joined)
            && population.Shares.TryGetValue(trait, out var shares)
            && bearers > TimesTheCommonest * shares.Values.Values.DefaultIfEmpty(1).Max() * _people;
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(RegisterNames);
}
