using System.Globalization;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Bench.Linkage;

/// <summary>Mothers of the unborn who attend, and their newborns without name or number.</summary>
internal static class UnbornBench
{
    public static void Run(
        TextWriter text,
        Register register,
        RegisterIndex index,
        Population population,
        Parameters parameters
    )
    {
        int mothers = 0,
            newborns = 0,
            newbornMatched = 0;
        foreach (var (planId, home, expected) in register.Unborn)
        {
            var mother = Person.From(Register.MotherOf(home) with { Postcodes = [new(population.NewPostcode())] });
            mothers += Has(
                Decide.From(mother, index.Find(mother).Found, parameters),
                planId,
                MatchRole.MotherOfUnborn,
                matched: true
            )
                ? 1
                : 0;

            var newborn = Person.From(Newborn(home, expected.AddDays(population.Random.Next(-40, 10)), population));
            var decision = Decide.From(newborn, index.Find(newborn).Found, parameters);
            newborns += Has(decision, planId, MatchRole.Child, matched: false) ? 1 : 0;
            newbornMatched += Has(decision, planId, MatchRole.Child, matched: true) ? 1 : 0;
        }

        double all = register.Unborn.Count;
        text.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"unborn plans: mother matched as mother {100 * mothers / all:F2} %; newborn without name or number "
                    + $"in review {100 * newborns / all:F2} %, matched {newbornMatched}"
            )
        );
    }

    // Half come with the mother's number; the others with no more than her name, and the home.
    private static PersonTraits Newborn(Home home, DateOnly born, Population population) =>
        new()
        {
            Identifier = new PersonIdentifier.Unknown(),
            Names = [new(NameUse.Usual, home.MotherFamily, ["Baby"])],
            BirthDate = born,
            Sex = population.Chance(0.5) ? Sex.Male : Sex.Female,
            Postcodes = [new(home.Postcode)],
            Mother = population.Chance(0.5)
                ? Register.MotherOf(home) with
                {
                    BirthDate = null,
                    Phones = [],
                }
                : Register.MotherOf(home) with
                {
                    Identifier = new PersonIdentifier.Unknown(),
                    BirthDate = null,
                    Phones = [],
                },
        };

    private static bool Has(Decision decision, Guid planId, MatchRole role, bool matched) =>
        decision.Persons.Any(person =>
            person.Plans.Any(plan => plan.PlanId == planId && plan.Role == role)
            && (matched ? person.Outcome is MatchOutcome.Matched : person.Outcome is MatchOutcome.NeedsReview)
        );
}
