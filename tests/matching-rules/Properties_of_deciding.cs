using System.Text.Json;
using CsCheck;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// What must hold of every decision, tried on people made at random from few values, so that they often agree
/// in part.
/// </summary>
public sealed class Properties_of_deciding
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly string[] Numbers = ["9434765919", "9000000009", "9000000017", "9000000025"];

    private static readonly Gen<PersonTraits> People = Gen.Select(
        Of<PersonIdentifier>(new PersonIdentifier.Unknown(), Known(0), Known(1), Known(2)),
        Of("Hart", "Heart", "Okafor", "Hart-Okafor"),
        Of("Robyn", "Robin", "Morgan", "Liz", "Elizabeth", "Baby", "R"),
        Of<DateOnly?>(null, new(2017, 3, 9), new(2017, 9, 3), new(2017, 3, 10), new(2014, 11, 21)),
        Of<Sex?>(null, Sex.Female, Sex.Male),
        Of("LS8 4HQ", "LS8 4HR", "BD1 1AA", ""),
        Of("07700 900123", "07700 900456", ""),
        (identifier, family, given, born, sex, postcode, phone) =>
            new PersonTraits
            {
                Identifier = identifier,
                Names = [new(NameUse.Usual, family, [given])],
                BirthDate = born,
                Sex = sex,
                Postcodes = postcode.Length == 0 ? [] : [new(postcode)],
                Phones = phone.Length == 0 ? [] : [phone],
            }
    );

    [Fact]
    public void An_agreeing_trait_more_never_lowers_a_posterior() =>
        Gen.Select(People, People)
            .Sample(
                (patient, registered) =>
                {
                    var before = PosteriorOf(patient, registered);
                    var both = new (PersonTraits Patient, PersonTraits Registered)[]
                    {
                        (patient with { Identifier = Known(3) }, registered with { Identifier = Known(3) }),
                        (patient with { BirthDate = new(2016, 5, 5) }, registered with { BirthDate = new(2016, 5, 5) }),
                        (patient with { Sex = Sex.Male }, registered with { Sex = Sex.Male }),
                        (patient with { Postcodes = [new("M1 1AA")] }, registered with { Postcodes = [new("M1 1AA")] }),
                        (patient with { Phones = ["07700 900999"] }, registered with { Phones = ["07700 900999"] }),
                        (
                            patient with
                            {
                                Names = [new(NameUse.Usual, "Quillfeather", ["Zebedee"])],
                            },
                            registered with
                            {
                                Names = [new(NameUse.Usual, "Quillfeather", ["Zebedee"])],
                            }
                        ),
                    };
                    for (var i = 0; i < both.Length; i++)
                    {
                        var after = PosteriorOf(both[i].Patient, both[i].Registered);
                        // A person less likely than one in a million is counted and not named.
                        Assert.True(after is null ? !(before >= 1e-6) : !(after < before - 1e-12), $"trait {i}");
                    }
                },
                iter: 1_000
            );

    /// <summary>
    /// A level that the parameters do not know, or a name that is all particles, would park the encounter of a
    /// child.
    /// </summary>
    [Fact]
    public void Whatever_people_are_called_there_is_a_decision()
    {
        var word = Of(
            "O",
            "D",
            "R",
            "Mc",
            "Van",
            "de",
            "la",
            "Li",
            "X",
            "Hart",
            "Heart",
            "Baby",
            "Twin 1",
            "'",
            "-",
            "Đ",
            "Ngọc",
            "李",
            "ß",
            "O'Neil",
            "al-Amin",
            "Hart-Okafor",
            "2",
            "."
        );
        var name = Gen.Select(word.Array[0, 3], word.Array[0, 4], (family, given) =>
            new PersonName(NameUse.Usual, string.Join(' ', family), given)
        );
        var people = Gen.Select(
            People,
            name.Array[0, 3],
            Of<PersonIdentifier>(new PersonIdentifier.Unknown(), new PersonIdentifier.Withheld(), Known(0)),
            Of<DateOnly?>(null, new(1900, 1, 1), new(2017, 3, 9), new(2016, 2, 29), new(9999, 12, 31)),
            (person, names, identifier, born) =>
                person with
                {
                    Names = names,
                    Identifier = identifier,
                    BirthDate = born,
                }
        );

        Gen.Select(people, people.Array[1, 4])
            .Sample(
                (patient, registered) =>
                    A_child.Decided(patient, [.. registered.Select(traits => A_child.OnAPlan(traits))]) is not null,
                iter: 5_000
            );
    }

    [Fact]
    public void The_order_of_the_candidates_never_matters() =>
        Gen.Select(People, People.Array[1, 6])
            .Sample(
                (patient, registered) =>
                {
                    var candidates = registered.Select(traits => A_child.OnAPlan(traits)).ToArray();
                    var forwards = Written(A_child.Decided(patient, candidates));
                    Array.Reverse(candidates);
                    return forwards == Written(A_child.Decided(patient, candidates));
                },
                iter: 500
            );

    [Fact]
    public void Comparing_either_way_round_gives_the_same_bits() =>
        Gen.Select(People, People)
            .Sample(
                (left, right) =>
                {
                    var there = A_child.Decided(left, A_child.OnAPlan(right)).Persons;
                    var back = A_child.Decided(right, A_child.OnAPlan(left)).Persons;
                    return there.Count == back.Count
                        && (there.Count == 0 || there[0].Outcome.Evidence.Bits == back[0].Outcome.Evidence.Bits);
                },
                iter: 2_000
            );

    [Fact]
    public void Every_decision_replays_bit_for_bit_from_its_stored_evidence() =>
        Gen.Select(People, People.Array[1, 6])
            .Sample(
                (patient, registered) =>
                {
                    foreach (
                        var person in A_child
                            .Decided(patient, [.. registered.Select(traits => A_child.OnAPlan(traits))])
                            .Persons
                    )
                    {
                        var stored = JsonSerializer.Serialize(person.Outcome, Json);
                        var again = Decide.Redecide(
                            JsonSerializer.Deserialize<MatchOutcome>(stored, Json)!,
                            Parameters.Default
                        );
                        Assert.Equal(stored, JsonSerializer.Serialize(again, Json));
                    }
                },
                iter: 500
            );

    [Fact]
    public void Probabilities_of_all_persons_and_of_nobody_never_exceed_one() =>
        Gen.Select(People, People.Array[1, 6])
            .Sample(
                (patient, registered) =>
                {
                    // Of plans that are folded into one person each has that person's posterior by itself.
                    var persons = registered.DistinctBy(traits =>
                        traits.Identifier.NhsNumber?.Reveal() ?? Guid.CreateVersion7().ToString()
                    );
                    var decision = A_child.Decided(patient, [.. persons.Select(traits => A_child.OnAPlan(traits))]);
                    return decision.NotOnRegister + decision.Persons.Sum(person => person.Outcome.Evidence.Posterior)
                        <= 1 + 1e-9;
                },
                iter: 500
            );

    private static double? PosteriorOf(PersonTraits patient, PersonTraits registered) =>
        A_child
            .Decided(patient, A_child.OnAPlan(registered))
            .Persons.Select(person => (double?)person.Outcome.Evidence.Posterior)
            .FirstOrDefault();

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static PersonIdentifier.Known Known(int which) => new(NhsNumber.Parse(Numbers[which]));

    private static string Written(Decision decision) => JsonSerializer.Serialize(decision, Json);
}
