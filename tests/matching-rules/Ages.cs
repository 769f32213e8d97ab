using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// Who was 18 on the day of the encounter is no child on a protection plan, and who was 25 no care leaver: by that day
/// and not by today.
/// </summary>
public sealed class Ages
{
    [Theory]
    [InlineData("2008-05-06", "2026-05-05", PlanKind.ChildProtection, "equal")]
    [InlineData("2008-05-06", "2026-05-06", PlanKind.ChildProtection, "adult")]
    [InlineData("2008-05-06", "2036-05-06", PlanKind.ChildProtection, "adult")]
    [InlineData("2008-02-29", "2026-02-28", PlanKind.ChildProtection, "equal")]
    [InlineData("2008-02-29", "2026-03-01", PlanKind.ChildProtection, "adult")]
    [InlineData("2008-05-06", "2026-05-06", PlanKind.LookedAfter, "equal")]
    [InlineData("2001-05-06", "2026-05-05", PlanKind.LookedAfter, "equal")]
    [InlineData("2001-05-06", "2026-05-06", PlanKind.LookedAfter, "adult")]
    // Which plan it is, a file need not say.
    [InlineData("2001-05-06", "2026-05-05", null, "equal")]
    [InlineData("2001-05-06", "2026-05-06", null, "adult")]
    [InlineData("2001-05-06", null, PlanKind.ChildProtection, "equal")]
    public void Are_evaluated_by_the_day_of_the_encounter(string born, string? day, PlanKind? kind, string level)
    {
        var (whole, bare) = (Decided(born, born, day, kind), Decided(born, born, day, kind, withoutNumber: true));

        Assert.Equal(level, LevelOf(whole));
        if (level == "adult")
        {
            Assert.IsType<MatchOutcome.NeedsReview>(whole);
            Assert.IsNotType<MatchOutcome.Matched>(bare);
            Assert.IsNotType<MatchOutcome.NeedsReview>(bare);
        }
        else
        {
            Assert.IsType<MatchOutcome.Matched>(whole);
        }
    }

    [Theory]
    // A slip of a key made the patient old; the child of the plan is none.
    [InlineData("2012-05-06", "2002-05-06", "oneDigit")]
    [InlineData("2008-11-03", "2008-03-11", "swapped", "2026-05-06")]
    [InlineData("2008-05-07", "2008-05-06", "dayApart", "2026-05-06")]
    [InlineData("2010-01-01", "2008-01-01", "yearOnly")]
    // A namesake, a young mother.
    [InlineData("2012-05-06", "2003-11-21", "adult")]
    [InlineData("2012-05-06", "1990-11-21", "generation")]
    [InlineData("2012-05-06", "2008-11-27", "adult")]
    [InlineData("2012-05-06", "2008-11-29", "different")]
    // A day apart, and both past the age.
    [InlineData("2008-05-06", "2008-05-07", "adult")]
    [InlineData(null, "1983-12-12", "adult")]
    [InlineData(null, "2012-05-06", null)]
    public void Speak_against_the_child_unless_a_slip_of_a_key_made_them(
        string? plan,
        string patient,
        string? level,
        string day = "2026-11-28"
    )
    {
        Assert.Equal(level, LevelOf(Decided(plan, patient, day, PlanKind.ChildProtection)));
    }

    [Fact]
    public void Of_the_mother_of_an_unborn_child_count_for_nothing()
    {
        var mother = Traits with { BirthDate = new DateOnly(1990, 5, 2) };
        var patient = Person.From(mother) with { SeenOn = new DateOnly(2026, 11, 28) };
        var plan = OnAPlan(mother, role: MatchRole.MotherOfUnborn, expected: new DateOnly(2027, 1, 8));

        Assert.IsType<MatchOutcome.Matched>(Decide.From(patient, [plan], Parameters.Default).Persons[0].Outcome);
    }

    private static MatchOutcome? Decided(
        string? plan,
        string patient,
        string? day,
        PlanKind? kind,
        bool withoutNumber = false
    )
    {
        var traits = withoutNumber ? Traits with { Identifier = NoNumber } : Traits;
        var seen = Person.From(traits with { BirthDate = Date(patient) }) with { SeenOn = Date(day) };
        var candidate = OnAPlan(traits with { BirthDate = Date(plan) }) with { Kind = kind };
        return Decide.From(seen, [candidate], Parameters.Default).Persons is [var only] ? only.Outcome : null;
    }

    private static string? LevelOf(MatchOutcome? outcome) =>
        outcome?.Evidence.Traits.FirstOrDefault(trait => trait.Trait == "birthDate")?.Level;

    private static DateOnly? Date(string? text) =>
        text is null ? null : DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
