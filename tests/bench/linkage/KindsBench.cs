using System.Globalization;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Bench.Linkage;

/// <summary>
/// Kinds of confusion from reports of patients taken for one another, each tried on many registered children: what is
/// told and asked of another person who resembles the child, and of the child written otherwise. In life each kind is
/// rare; here every attendance is of it.
/// </summary>
internal static class KindsBench
{
    private static readonly string[] Prefixes = ["Mohammed", "Syed", "Muhammad"];

    // Another person: nothing may be told of them. A plan of its own where the register has none of that kind.
    private static readonly (
        string Name,
        Func<Child, Population, (PersonTraits? Plan, PersonTraits Patient)> Make
    )[] Others =
    [
        ("namesake, same birth date, other town", (child, population) => (null, Elsewhere(Bare(child), population))),
        ("namesake, same birth date, 300 km away", (child, _) =>
            (
                Bare(child) with
                {
                    Postcodes = [new("LS8 4HQ")],
                },
                Bare(child) with
                {
                    Postcodes = [new("TR1 2QX")],
                    Phones = [],
                }
            )
        ),
        ("namesake, telephone one digit off", (child, population) =>
            (
                Whole(child),
                Elsewhere(Bare(child), population) with
                {
                    Phones = [child.Home.Phone[..^1] + (char)('0' + ((child.Home.Phone[^1] - '0' + 1) % 10))],
                }
            )
        ),
        ("like name, same birth date, child's number", (child, population) =>
            (Whole(child), Elsewhere(Whole(child), population) with { Names = [Name(Like(child.Given), child.Family)] })
        ),
        ("the same, the number stated as verified", (child, population) =>
            (
                Whole(child),
                Elsewhere(Whole(child), population) with
                {
                    NumberStatus = NhsNumberStatus.Verified,
                    Names = [Name(Like(child.Given), child.Family)],
                }
            )
        ),
        ("twin of like name, no number", (child, _) =>
            (Whole(child), Bare(child) with { Names = [Name(Like(child.Given), child.Family)] })
        ),
        ("twin of like name, child's number", (child, _) =>
            (Whole(child), Whole(child) with { Names = [Name(Like(child.Given), child.Family)] })
        ),
        ("the same, the number stated as verified", (child, _) =>
            (
                Whole(child),
                Whole(child) with
                {
                    NumberStatus = NhsNumberStatus.Verified,
                    Names = [Name(Like(child.Given), child.Family)],
                }
            )
        ),
        ("cousin of the name, one home, other birth date", (child, population) =>
            (Bare(child), Bare(child) with { BirthDate = child.Born.AddDays(population.Random.Next(2, 1500)) })
        ),
        ("parent of the name, one home", (child, population) =>
            (Whole(child), Bare(child) with { BirthDate = child.Born.AddYears(-population.Random.Next(20, 45)) })
        ),
        ("parent of the name, child's number", (child, population) =>
            (Whole(child), Whole(child) with { BirthDate = child.Born.AddYears(-population.Random.Next(20, 45)) })
        ),
        ("brother with the same first of two names", (child, population) =>
            population.Pick(Prefixes) is var first
                ? (
                    Bare(child) with
                    {
                        Names = [Name($"{first} Zain", child.Family)],
                    },
                    Bare(child) with
                    {
                        Names = [Name($"{first} Yahya", child.Family)],
                    }
                )
                : default
        ),
        ("brother, his first name only", (child, population) =>
            population.Pick(Prefixes) is var first
                ? (
                    Bare(child) with
                    {
                        Names = [Name($"{first} Zain", child.Family)],
                    },
                    Bare(child) with
                    {
                        Names = [Name(first, child.Family)],
                    }
                )
                : default
        ),
        ("twin by half of a double name", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name($"{child.Given}-Rose", child.Family)],
                },
                Bare(child) with
                {
                    Names = [Name(child.Given, child.Family)],
                }
            )
        ),
        ("namesake of 1 January in one hotel", (child, _) =>
            Bare(child) with { BirthDate = new DateOnly(child.Born.Year, 1, 1) } is var both ? (both, both) : default
        ),
        ("newborn twin by order", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name("Twin 1", child.Family)],
                },
                Bare(child) with
                {
                    Names = [Name("Twin 2", child.Family)],
                }
            )
        ),
        ("placeholder in both boxes", (child, _) =>
            Bare(child) with { Names = [Name("TBC", "TBC")] } is var both ? (both, both) : default
        ),
        ("brother or sister, child's number, no given name", (child, _) =>
            (Whole(child), Whole(child) with { Names = [new(NameUse.Usual, child.Family, [])] })
        ),
        ("the same, the number stated as verified", (child, _) =>
            (
                Whole(child),
                Whole(child) with
                {
                    NumberStatus = NhsNumberStatus.Verified,
                    Names = [new(NameUse.Usual, child.Family, [])],
                }
            )
        ),
        ("sister by the second name Kaur alone", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name($"{child.Given} Kaur", child.Family)],
                },
                Bare(child) with
                {
                    Names = [Name($"{Another(child, "Harleen")} Kaur", child.Family)],
                }
            )
        ),
        ("brother by the father's and grandfather's names", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name($"{child.Given} Hassan", "Warsame")],
                },
                Bare(child) with
                {
                    Names = [Name($"{Another(child, "Liban")} Hassan", "Warsame")],
                }
            )
        ),
        ("brother whose first name begins alike (Oluwa…)", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name("Oluwaseun Tunde", child.Family)],
                },
                Bare(child) with
                {
                    Names = [Name("Oluwatobi Tunde", child.Family)],
                }
            )
        ),
        ("sister by half of a double name", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name($"{child.Given}-Rose", child.Family)],
                },
                Bare(child) with
                {
                    Names = [Name($"{child.Given}-Mae", child.Family)],
                }
            )
        ),
    ];

    // The child: found, told or asked.
    private static readonly (
        string Name,
        Func<Child, Population, (PersonTraits? Plan, PersonTraits Patient)> Make
    )[] Same =
    [
        ("Scottish number beside the English one", (child, _) =>
            (Whole(child), Whole(child) with { Identifier = new PersonIdentifier.Known(NhsNumber.Parse("0506123693")) })
        ),
        ("new family name, moved, same number", (child, population) =>
            (Whole(child), Elsewhere(Whole(child), population) with { Names = [Name(child.Given, "Whitfield")] })
        ),
        ("moved 300 km, no number", (child, _) =>
            (
                Bare(child) with
                {
                    Postcodes = [new("LS8 4HQ")],
                },
                Bare(child) with
                {
                    Postcodes = [new("TR1 2QX")],
                    Phones = [],
                }
            )
        ),
        ("first name of two left out, one home", (child, _) =>
            (Bare(child) with { Names = [Name($"Mohammed {child.Given}", child.Family)] }, Bare(child))
        ),
        ("article written together, moved", (child, population) =>
            (
                Bare(child) with
                {
                    Names = [Name(child.Given, "Al-Masri")],
                },
                Elsewhere(Bare(child), population) with
                {
                    Names = [Name(child.Given, "Elmasry")],
                }
            )
        ),
        ("Somali spelling, moved", (child, population) =>
            (
                Bare(child) with
                {
                    Names = [Name("Xaliimo", "Cusmaan")],
                },
                Elsewhere(Bare(child), population) with
                {
                    Names = [Name("Halima", "Osman")],
                }
            )
        ),
        ("Cantonese spelling, moved", (child, population) =>
            (
                Bare(child) with
                {
                    Names = [Name(child.Given, "Cheung")],
                },
                Elsewhere(Bare(child), population) with
                {
                    Names = [Name(child.Given, "Zhang")],
                }
            )
        ),
        ("Kaur in the family name's box, one home", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name($"{child.Given} Kaur", child.Family)],
                },
                Bare(child) with
                {
                    Names = [Name(child.Given, $"Kaur {child.Family}")],
                }
            )
        ),
        ("father's name for the grandfather's, one home", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name(child.Given, "Hassan Warsame")],
                },
                Bare(child) with
                {
                    Names = [Name($"{child.Given} Hassan", "Warsame")],
                }
            )
        ),
        ("feminine ending of the family name, one home", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name(child.Given, "Kowalski")],
                },
                Bare(child) with
                {
                    Names = [Name(child.Given, "Kowalska")],
                }
            )
        ),
        ("given and family name exchanged, one home", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name(child.Given, child.Family)],
                },
                Bare(child) with
                {
                    Names = [Name(child.Family, child.Given)],
                }
            )
        ),
        ("double family name, one half of it, one home", (child, _) =>
            (
                Bare(child) with
                {
                    Names = [Name(child.Given, $"{child.Family}-Marsh")],
                },
                Bare(child) with
                {
                    Names = [Name(child.Given, child.Family)],
                }
            )
        ),
        ("newborn by order, one home", (child, _) =>
            Bare(child) with { Names = [Name("Twin 1", child.Family)] } is var both ? (both, both) : default
        ),
    ];

    public static void Run(
        TextWriter text,
        Register register,
        RegisterIndex index,
        Population population,
        Parameters parameters,
        int each
    )
    {
        text.WriteLine();
        text.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{"kinds of confusion: another person", -48} {"tried", 8} {"matched", 8} {"asked %", 8}"
            )
        );
        var byOrigin = Origin.All.ToDictionary(origin => origin.Name, _ => (Told: 0, All: 0));
        foreach (var (name, make) in Others)
        {
            var (told, asked) = (0, 0);
            for (var i = 0; i < each; i++)
            {
                var child = register.Children[population.Random.Next(register.Children.Count)];
                var (matched, review) = Decided(make(child, population), index, parameters);
                (told, asked) = (told + (matched ? 1 : 0), asked + (review ? 1 : 0));
                var (before, all) = byOrigin[child.Home.Origin.Name];
                byOrigin[child.Home.Origin.Name] = (before + (matched ? 1 : 0), all + 1);
            }

            Row(text, name, each, told, asked);
        }

        text.WriteLine("kinds of confusion: the child");
        foreach (var (name, make) in Same)
        {
            var (told, asked) = (0, 0);
            for (var i = 0; i < each / 10; i++)
            {
                var (matched, review) = Decided(
                    make(register.Children[population.Random.Next(register.Children.Count)], population),
                    index,
                    parameters
                );
                (told, asked) = (told + (matched ? 1 : 0), asked + (review ? 1 : 0));
            }

            Row(text, name, each / 10, told, asked);
        }

        OriginGap.Print(
            text,
            "automatic matches to another person, per 100,000 of these",
            byOrigin.Select(group => (group.Key, group.Value.Told, group.Value.All)),
            100_000
        );
    }

    private static (bool Matched, bool Review) Decided(
        (PersonTraits? Plan, PersonTraits Patient) pair,
        RegisterIndex index,
        Parameters parameters
    )
    {
        var patient = Person.From(pair.Patient);
        var plans = pair.Plan is null
            ? index.Find(patient).Found
            : [new Candidate(Guid.CreateVersion7(), "E08000035", MatchRole.Child, Person.From(pair.Plan))];
        var decision = Decide.From(patient, plans, parameters);
        return (
            decision.Persons.Any(person => person.Outcome is MatchOutcome.Matched),
            decision.Persons.Any(person => person.Outcome is MatchOutcome.NeedsReview)
        );
    }

    private static void Row(TextWriter text, string name, int tried, int told, int asked) =>
        text.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -48} {tried, 8:N0} {told, 8:N0} {100.0 * asked / Math.Max(tried, 1), 8:F2}"
            )
        );

    private static PersonTraits Bare(Child child) => Whole(child) with { Identifier = new PersonIdentifier.Unknown() };

    private static PersonTraits Whole(Child child) =>
        new()
        {
            Identifier = new PersonIdentifier.Known(NhsNumber.Parse(child.Number)),
            Names = [Name(child.Given, child.Family)],
            BirthDate = child.Born,
            Sex = child.Sex,
            Postcodes = [new(child.Home.Postcode)],
            Phones = [child.Home.Phone],
        };

    private static PersonTraits Elsewhere(PersonTraits traits, Population population) =>
        traits with
        {
            Postcodes = [new(population.NewPostcode())],
            Phones = [population.NewPhone()],
        };

    private static PersonName Name(string given, string family) => new(NameUse.Usual, family, given.Split(' '));

    private static string Another(Child child, string given) => child.Given == given ? "Simran" : given;

    // Parents choose twins' names so: the same but for the first letter.
    private static string Like(string given) => (given[0] is 'J' ? 'H' : 'J') + given[1..];
}
