using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// What more people of one register bear than any name is borne is what a system writes where none is known, whatever
/// the word is.
/// </summary>
public sealed class Names_that_too_many_bear
{
    [Theory]
    [InlineData("givenName", "Unallocated", 60, 40, false)]
    [InlineData("familyName", "Unallocated", 60, 40, false)]
    [InlineData("givenName", "Unallocated", 150, 1_850, false)]
    // A common name may be the commonest of all in one town.
    [InlineData("givenName", "Oliver", 60, 40, true)]
    [InlineData("familyName", "Khan", 60, 40, true)]
    // One child on many plans, the families of a small register, and a name that is frequent but not more than a name.
    [InlineData("givenName", "Unallocated", 60, 40, true, 1)]
    [InlineData("givenName", "Unallocated", 28, 10, true)]
    [InlineData("familyName", "Quillfeather", 80, 1_920, true)]
    public void Are_none(string trait, string text, int bearers, int others, bool compared, int? birthDates = null)
    {
        var register = RegisterNames.Into([
            .. Enumerable.Range(0, bearers).Select(i => OnAPlan(Named(trait, text, i % (birthDates ?? bearers)))),
            .. Enumerable.Range(0, others).Select(i => OnAPlan(Named(trait, Letters(i), i))),
        ]);

        var decision = Decide.From(Person.From(Named(trait, text, 0)), [register[0]], Parameters.Default);

        var traits = Assert.Single(decision.Persons).Outcome.Evidence.Traits;
        Assert.Equal(compared, traits.Any(evidence => evidence.Trait == trait));
        Assert.Contains(traits, evidence => evidence is { Trait: "birthDate", Level: "equal" });
    }

    [Fact]
    public void Speak_neither_for_nor_against_the_child_whose_plan_or_encounter_has_one()
    {
        var register = RegisterNames.Into([
            OnAPlan(Traits),
            .. Enumerable.Range(0, 60).Select(i => OnAPlan(Named("givenName", "Unallocated", i))),
        ]);
        var written = Traits with { Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Unallocated"])] };

        var outcome = Decide.From(Person.From(written), [register[0]], Parameters.Default).Persons[0].Outcome;
        var other = Decide
            .From(Person.From(Named("givenName", "Robyn", 7)), [register[8]], Parameters.Default)
            .Persons[0]
            .Outcome;

        Assert.IsType<MatchOutcome.NeedsReview>(outcome);
        Assert.DoesNotContain(outcome.Evidence.Traits, evidence => evidence.Trait == "givenName");
        Assert.DoesNotContain(other.Evidence.Traits, evidence => evidence.Trait == "givenName");
    }

    [Fact]
    public void Of_one_council_are_names_on_anothers_register()
    {
        var register = RegisterNames.Into([
            OnAPlan(Named("givenName", "Unallocated", 0), "E08000032"),
            .. Enumerable.Range(0, 60).Select(i => OnAPlan(Named("givenName", "Unallocated", i))),
        ]);

        Assert.Null(register[0].RegisterNames);
        Assert.NotNull(register[1].RegisterNames);
    }

    private static PersonTraits Named(string trait, string text, int born) =>
        Traits with
        {
            Identifier = NoNumber,
            Names =
            [
                trait == "givenName" ? new(NameUse.Usual, "Okonkwo", [text]) : new(NameUse.Usual, text, ["Robyn"]),
            ],
            BirthDate = new DateOnly(2012, 1, 2).AddDays(born),
        };

    private static string Letters(int i) =>
        $"Ba{(char)('a' + (i % 26))}o{(char)('a' + (i / 26 % 26))}e{(char)('a' + (i / 676))}";
}
