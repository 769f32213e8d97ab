using System.Globalization;
using System.Text;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Frequencies;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;
using Safeguarding.TestKit;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// Twelve hundred patients beside up to five plans each, of the same child, of brothers, sisters, twins, cousins and
/// strangers, with what goes wrong in writing. What is decided of each is on record (<c>Record/decisions.txt</c>), so
/// that a change of the rules shows what it changes: the outcomes, and by a digest every level, figure and key behind
/// them. Where the change is meant, run with <c>HUB_RECORD_WRITE=1</c> and read the difference.
/// </summary>
public sealed class Decisions_on_record
{
    private const int Scenes = 1200;

    private static readonly string[] Families =
    [
        "Okonkwo-Hart",
        "Khan",
        "Smith",
        "Smyth",
        "Al-Otaibi",
        "Alotaiby",
        "O'Brien",
        "McDonald",
        "Macdonald",
        "Wang",
        "Wong",
        "Nguyen",
        "Van der Berg",
        "Mohamed Ali",
        "Kowalska",
        "Kowalski",
        "Singh",
        "Kaur",
        "Begum",
        "Lee",
        "Zhang",
        "Adeyemi",
        "Hussain",
        "Hussein",
        "Test",
    ];

    private static readonly string[] Givens =
    [
        "Robyn",
        "Robin",
        "Mohammed Zain",
        "Muhammad Zain",
        "Mohammed Yahya",
        "Mohammed",
        "Syed Ali",
        "Lilly-Rose",
        "Lily",
        "Rose",
        "Katherine",
        "Kate",
        "Kathryn",
        "William",
        "Bill",
        "Yasmin",
        "Jasmin",
        "Twin 1",
        "Twin 2 of Sarah",
        "Sarahs Girl",
        "Baby A",
        "Hayden",
        "Jayden",
        "Xiaoming",
        "Ann Marie",
        "Marie",
        "Soumaya",
        "Soumya",
        "Ella",
        "Ellie",
        "Maria",
        "Mariam",
        "Isabella",
        "Isabelle",
        "J",
        "",
    ];

    private static readonly string[] Postcodes =
    [
        "LS8 4HQ",
        "LS8 4HZ",
        "LS8 5AA",
        "LS9 8AB",
        "BD1 1AA",
        "SW1A 1AA",
        "TR1 1AB",
        "NE1 4XA",
        "ls84hq",
    ];

    private static readonly string[] Phones =
    [
        "07700 900123",
        "07700 900124",
        "07700 900132",
        "+447700900123",
        "0113 496 0000",
        "0113 496 0001",
    ];

    // Files have columns that encounters do not.
    private static readonly string[] Columns = ["address", "place", "email"];

    private static readonly string[] Addresses =
    [
        "12 Mill Lane",
        "12 Mill Ln",
        "Mill Lane",
        "4 High Street",
        "12",
        "Lane",
        "Lan",
    ];

    [Fact]
    public void Are_decided_as_they_were()
    {
        var decided = Enumerable.Range(0, Scenes).Select(seed => new Scene(new Random(seed)).Decided()).ToList();

        OnRecord.Compare("tests/matching-rules/Record", "decisions.txt", decided.ConvertAll(scene => scene.Short), i =>
            decided[i].Full
        );
    }

    private sealed class Scene(Random random)
    {
        private long _next = 900_000_000 + random.Next(90_000_000);

        public (string Short, string Full) Decided()
        {
            var child = Child();
            var patient = AsSeen(child);
            var plans = new List<Candidate>();
            for (var i = random.Next(1, 6); i > 0; i--)
                plans.Add(Plan(child, plans.Count));
            if (Chance(0.1) && RegisterNames.Count(Enumerable.Repeat(plans[0].Person, 40)) is { } names)
                plans = plans.ConvertAll(plan => plan with { RegisterNames = names });

            var parameters = Parameters.Default;
            if (Chance(0.1))
                parameters = parameters with { Register = parameters.Register with { Size = 900 } };
            if (Chance(0.1))
                parameters = WithDependence(parameters);
            if (Chance(0.1))
                parameters = parameters with { Population = parameters.Population.RaisedBy(Learned(plans)) };
            var decision = Decide.From(patient, plans, parameters);

            var text = new StringBuilder();
            Write(text, decision, plans);
            for (var i = 0; i < plans.Count; i++)
            {
                Add(text, $"\n  keys of plan {i}: {OnRecord.Digest(Keys(BlockKeys.ForStoring(plans[i].Person)))}");
                for (var j = 0; j < i; j++)
                {
                    Add(text, $", two with {j}: {Cluster.AreTwo(plans[i], plans[j])}");
                    Add(text, $", of one home: {Households.AreOne(plans[i].Person, plans[j].Person)}");
                }
            }

            Add(text, $"\n  keys: {OnRecord.Digest(Keys(BlockKeys.ForSearching(patient)))}");
            var outcomes = decision.Persons.Select(person =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Name(person.Outcome)} {person.Outcome.Evidence.Posterior:F4}"
                )
            );
            return ($"{string.Join(", ", outcomes)} {OnRecord.Digest(text.ToString())}", text.ToString());
        }

        private static string Name(MatchOutcome outcome) => outcome.GetType().Name;

        private static void Write(StringBuilder text, Decision decision, List<Candidate> plans)
        {
            Add(text, $"on no register {decision.NotOnRegister:F4}");
            foreach (var person in decision.Persons)
            {
                var evidence = person.Outcome.Evidence;
                var whose = person.Plans.Select(own => $"{Place(own.PlanId)} {own.CouncilCode} {own.Role}");
                Add(text, $"\n  {string.Join(" + ", whose)}: {Name(person.Outcome)} {evidence.Posterior:F4}");
                Add(text, $" prior {evidence.PriorBits:F2} bits {evidence.Bits:F2} {evidence.HousemateBits:F2}");
                Add(text, $" lead {evidence.LeadBits:F2} against {evidence.Against:E2} newborn {evidence.Newborn}");
                foreach (var rival in evidence.Rivals)
                    Add(text, $" rival {Place(rival.PlanId)} {rival.Posterior:F4}");
                if (person.Outcome is MatchOutcome.NeedsReview review)
                    Add(text, $" for {string.Join(", ", review.Reasons)}");
                foreach (var trait in evidence.Traits)
                {
                    Add(text, $"\n    {trait.Trait} {trait.Relation} {trait.Level} {trait.M:G4} {trait.U:G4}");
                    Add(text, $" {trait.Housemate:G4} {trait.Frequency:G4} {trait.Bits:F2} {trait.Sum:F2}");
                }
            }

            int Place(Guid id) => plans.FindIndex(plan => plan.PlanId == id);
        }

        private Candidate Plan(PersonTraits child, int place)
        {
            var (person, role) = (child, MatchRole.Child);
            switch (random.Next(10))
            {
                case 0: // a twin
                    person = child with { Identifier = Number(), Names = [Named(child.Names[0].Family)] };
                    break;
                case 1: // a brother or sister
                    person = child with
                    {
                        Identifier = Number(),
                        Names = [Named(child.Names[0].Family)],
                        BirthDate = child.BirthDate?.AddDays(random.Next(300, 2000)),
                        Sex = Pick([Sex.Female, Sex.Male]),
                    };
                    break;
                case 2: // a cousin or a parent of the same name
                    person = child with { Identifier = Number(), BirthDate = Pick(DatesLike(child.BirthDate)) };
                    break;
                case 3: // a stranger of the same home or telephone
                    person = Child() with { Postcodes = child.Postcodes, Phones = child.Phones };
                    break;
                case 4:
                    person = Child();
                    break;
                case 5: // a stranger with the child's number
                    person = Child() with { Identifier = child.Identifier };
                    break;
                case 6 when child.Mother is { } mother:
                    (person, role) = (mother, MatchRole.MotherOfUnborn);
                    break;
            }

            var written = Made(Chance(0.3) ? person : Miswritten(person));
            return new(
                new Guid(place + 1, 0, 0, new byte[8]),
                Pick(["E08000035", "E08000035", "E08000032", ""]),
                role,
                Chance(0.1) && child.Identifier.NhsNumber is { } former ? written.WithFormerNumbers([former]) : written,
                role == MatchRole.Child ? null : child.BirthDate?.AddDays(random.Next(-100, 40))
            )
            {
                Kind = Pick<PlanKind?>([null, PlanKind.ChildProtection, PlanKind.LookedAfter]),
            };
        }

        private PersonTraits Child() =>
            new()
            {
                Identifier = Number(),
                Names = [Named(Pick(Families))],
                BirthDate = Chance(0.1)
                    ? new DateOnly(random.Next(2004, 2026), 1, 1)
                    : new DateOnly(2004, 1, 1).AddDays(random.Next(22 * 365)),
                Sex = Pick<Sex?>([Sex.Female, Sex.Male, Sex.Female, Sex.Male, Sex.Other, null]),
                Postcodes = Chance(0.9) ? [new(Pick(Postcodes))] : [],
                Phones = Chance(0.7) ? [Pick(Phones)] : [],
                Mother = Chance(0.3)
                    ? new PersonTraits
                    {
                        Identifier = Number(),
                        Names = [new(NameUse.Usual, Pick(Families), ["Sarah"])],
                        BirthDate = new DateOnly(1990, 2, 3).AddDays(random.Next(2000)),
                        Sex = Sex.Female,
                        Postcodes = [new(Pick(Postcodes))],
                        Phones = [Pick(Phones)],
                    }
                    : null,
            };

        private Person AsSeen(PersonTraits child)
        {
            var seen = Miswritten(child);
            if (Chance(0.1) && child.Mother is { } mother)
                seen = seen with { Identifier = mother.Identifier };
            var setting = Pick([CareSetting.Unknown, CareSetting.Unknown, .. Enum.GetValues<CareSetting>()]);
            return Made(seen, setting) with
            {
                SeenOn = Chance(0.7) ? new DateOnly(2026, 11, 1).AddDays(-random.Next(400)) : null,
            };
        }

        private Person Made(PersonTraits traits, CareSetting setting = CareSetting.Unknown)
        {
            var person = Person.From(traits, setting);
            if (Chance(0.1))
                person = person with { NumberIsChecked = false };
            if (!Chance(0.15))
                return person;
            return person with
            {
                Further =
                [
                    .. Columns.Select(column => FurtherTrait.From(column, Pick(Addresses))).OfType<FurtherTrait>(),
                ],
            };
        }

        private PersonTraits Miswritten(PersonTraits person)
        {
            for (var slips = random.Next(0, 4); slips > 0; slips--)
            {
                var name = person.Names[0];
                person = random.Next(12) switch
                {
                    0 => person with { Identifier = new PersonIdentifier.Unknown() },
                    1 => person with { Identifier = Slipped(person.Identifier) },
                    2 => person with { BirthDate = Pick(DatesLike(person.BirthDate)) },
                    3 => person with { BirthDate = null },
                    4 => person with { Sex = Pick<Sex?>([Sex.Female, Sex.Male, null]) },
                    5 => person with
                    {
                        Postcodes = [new(Pick(Postcodes)), .. person.Postcodes.Take(Chance(0.5) ? 1 : 0)],
                    },
                    6 => person with { Phones = Chance(0.5) ? [] : [Pick(Phones)] },
                    7 => person with { Mother = null },
                    8 => person with { Names = [Named(name.Family), name with { Use = NameUse.Former }] },
                    9 => person with { Names = [name with { Family = Pick(Families) }] },
                    10 => person with { Names = [new(name.Use, string.Join(' ', name.Given), [name.Family ?? ""])] },
                    _ => person with { Names = [name with { Given = [Typo(string.Join(' ', name.Given))] }] },
                };
            }

            return person;
        }

        private DateOnly?[] DatesLike(DateOnly? date) =>
            date is not { } born
                ? [null]
                :
                [
                    born.AddDays(1),
                    born.AddDays(10),
                    born.AddDays(random.Next(2, 60)),
                    born.AddMonths(1),
                    born.AddYears(1),
                    born.AddYears(-2),
                    born.AddYears(-3),
                    born.AddYears(-18),
                    born.AddYears(-25),
                    new DateOnly(born.Year, 1, 1),
                    new DateOnly(born.Year + 1, 1, 1),
                    born.Day <= 12 ? new DateOnly(born.Year, born.Day, born.Month) : born.AddDays(-9),
                ];

        private PersonName Named(string? family) =>
            new(NameUse.Usual, family, Pick(Givens).Split(' ', StringSplitOptions.RemoveEmptyEntries));

        private string Typo(string word)
        {
            if (word.Length < 2)
                return word + "a";
            var at = random.Next(word.Length - 1);
            return random.Next(3) switch
            {
                0 => word.Remove(at, 1),
                1 => word[..at] + word[at + 1] + word[at] + word[(at + 2)..],
                _ => word[..at] + (char)('a' + random.Next(26)) + word[(at + 1)..],
            };
        }

        // Valid, and never issued: the first nine digits begin with 90 to 98.
        private PersonIdentifier.Known Number()
        {
            while (true)
            {
                var body = (_next++).ToString(CultureInfo.InvariantCulture);
                for (var check = 0; check < 10; check++)
                {
                    if (NhsNumber.TryParse(body + check, out var number))
                        return new PersonIdentifier.Known(number);
                }
            }
        }

        private PersonIdentifier.Known Slipped(PersonIdentifier identifier)
        {
            if (identifier.NhsNumber is not { } number)
                return Number();
            var near = _next;
            _next = (long.Parse(number.Reveal(), CultureInfo.InvariantCulture) / 10) + 1;
            var slipped = Number();
            _next = near;
            return slipped;
        }

        // As estimated from files: how often one person's sex differs, by whether the given names do.
        private static Parameters WithDependence(Parameters parameters)
        {
            var sex = parameters.Traits["sex"];
            var given = sex.Given! with { MAgreeing = [0.99, 0.01], MDiffering = [0.9, 0.1] };
            return parameters with
            {
                Traits = new Dictionary<string, TraitLevels>(parameters.Traits)
                {
                    ["sex"] = sex with { Given = given },
                },
            };
        }

        private static LearnedNames Learned(List<Candidate> plans) =>
            new(
                "record",
                1000,
                plans
                    .SelectMany(plan => plan.Person.BorneNames())
                    .Distinct()
                    .Select((name, i) => (name, i))
                    .ToDictionary(each => each.name, each => 5 + each.i)
            );

        private T Pick<T>(T[] of) => of[random.Next(of.Length)];

        private bool Chance(double chance) => random.NextDouble() < chance;

        private static void Add(StringBuilder text, FormattableString part) =>
            text.Append(part.ToString(CultureInfo.InvariantCulture));

        private static string Keys(IEnumerable<BlockKey> keys) =>
            string.Join('\n', keys.Select(key => $"{key.Kind} {key.Text}").Order(StringComparer.Ordinal));
    }
}
