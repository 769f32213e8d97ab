using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// One line a kind: a plan, a patient, and what may come of it (M matched, R asked, N no match). Written
/// <c>number, given names, family name, birth date, sex, postcode, phone</c>.
/// </summary>
public sealed class Kinds_of_confusion
{
    private const string Child = "9434765919, Robyn, Okonkwo-Hart, 2017-03-09, female, LS8 4HQ, 07700900123";

    [Theory]
    // Placeholders: two unknown children are not one.
    [InlineData(", TBC, TBC, 2017-03-09, female, LS8 4HQ,", ", TBC, TBC, 2017-03-09, female, BD1 1AA,", "N")]
    [InlineData(
        ", Stated, Not, 2017-03-09, female, LS8 4HQ, 07700900123",
        ", Stated, Not, 2017-03-09, female, LS8 4HQ, 07700900123",
        "NR"
    )]
    [InlineData(", Test, Patient, 2017-03-09, female, LS8 4HQ,", ", Test, Patient, 2017-03-09, female, BD1 1AA,", "N")]
    [InlineData(", John, Doe, 2017-03-09, male,,", ", John, Doe, 2017-03-09, male,,", "N")]
    [InlineData(", Zzyx, Zzyx, 2017-03-09, male, LS8 4HQ,", ", Zzyx, Zzyx, 2017-03-09, male, BD1 1AA,", "N")]
    // The name in use.
    [InlineData(
        ", Mohammed Zain, Iqbal, 2012-05-06, male, BD8 7QX, 07700900124",
        ", Mohammed Yahya, Iqbal, 2012-05-06, male, BD8 7QX, 07700900124",
        "R"
    )]
    [InlineData(
        ", Mohammed Zain, Iqbal, 2012-05-06, male, BD8 7QX, 07700900124",
        ", Mohammed, Iqbal, 2012-05-06, male, BD8 7QX, 07700900124",
        "R"
    )]
    [InlineData(
        ", Mohammed Zain, Iqbal, 2012-05-06, male, BD8 7QX, 07700900124",
        ", Muhammad, Iqbal, 2012-05-06, male, BD8 7QX, 07700900124",
        "R"
    )]
    [InlineData(
        ", Mohammed, Iqbal, 2012-05-06, male, BD8 7QX, 07700900124",
        ", Mohammed, Iqbal, 2012-05-06, male, BD8 7QX, 07700900124",
        "R"
    )]
    [InlineData(
        ", Syed Ali, Shah, 2012-05-06, male, BD8 7QX, 07700900124",
        ", Syed Hassan, Shah, 2012-05-06, male, BD8 7QX, 07700900124",
        "R"
    )]
    [InlineData(
        "9434765919, Mohammed Musa, Iqbal, 2012-05-06, male, BD8 7QX,",
        "9434765919, Mohammed Yahya, Iqbal, 2012-05-06, male, BD8 7QX,",
        "R"
    )]
    [InlineData(
        "9434765919, Mohammed Zain, Iqbal, 2012-05-06, male, BD8 7QX,",
        "9434765919, Mohammed, Iqbal, 2012-05-06, male, M1 1AA,",
        "R"
    )]
    [InlineData(
        "9434765919, Mohammed Zain, Iqbal, 2012-05-06, male, BD8 7QX,",
        "9434765919, Zain, Iqbal, 2012-05-06, male, M1 1AA,",
        "M"
    )]
    [InlineData(
        ", Lilly-Rose, Hebble, 2015-11-12, female, HX2 6QX,",
        ", Lilly, Hebble, 2015-11-12, female, HX2 6QX,",
        "R"
    )]
    [InlineData(
        ", Thomas, Pellow, 2013-05-17, male, PL31 2QX, 07700900703",
        ", Tom, Pellow, 2013-05-17, male, PL31 2QX, 07700900703",
        "R"
    )]
    // A number that is somebody else's.
    [InlineData(Child, "9434765919, Robina, Okonkwo, 2017-03-09, female, M1 1AA,", "R")]
    [InlineData(
        "9434765919, Jayden, Pellow, 2013-05-17, male, PL31 2QX,",
        "9434765919, Hayden, Pellow, 2013-05-17, male, PL31 2QX,",
        "R"
    )]
    [InlineData(
        "9434765919, Yasmin, Pellow, 2013-05-17, female, PL31 2QX, 07700900703",
        "9434765919, Jasmin, Pellow, 2013-05-17, female, PL31 2QX, 07700900703",
        "R"
    )]
    [InlineData(Child, "9434765919,, Okonkwo-Hart, 2017-03-09, female, LS8 4HQ, 07700900123", "R")]
    [InlineData(Child, "9434765919, Robin, Okonkwo-Hart, 2017-03-09, female, M1 1AA,", "R")]
    [InlineData(Child, "9434765919, Robin, Okonkwo-Hart, 2017-03-09, female, LS8 4HQ,", "M")]
    [InlineData(Child, "9434765919, Robyn, Whitfield, 2017-03-09, female, M1 1AA,", "M")]
    // Year only, and a home that is many people's.
    [InlineData(
        ", Farhad, Stanekzai, 2009-01-01, male, CT17 8QX, 01304496001",
        ", Farhad, Stanekzai, 2009-01-01, male, CT17 8QX, 01304496001",
        "R"
    )]
    [InlineData(
        ", Farhad, Stanekzai, 2009-01-01, male, CT17 8QX, 01304496001",
        ", Farhad, Stanekzai, 2008-01-01, male, CT17 8QX, 01304496001",
        "R"
    )]
    // Cousins of one name in one home, one of them not on the register.
    [InlineData(
        ", Aisha, Sultani, 2013-03-11, female, OL9 5QX, 07700900549",
        ", Aisha, Sultani, 2013-08-11, female, OL9 5QX, 07700900549",
        "RN"
    )]
    [InlineData(
        ", Aisha, Sultani, 2013-03-11, female, OL9 5QX, 07700900549",
        ", Aisha, Sultani, 2015-03-11, female, OL9 5QX, 07700900549",
        "RN"
    )]
    [InlineData(
        ", Aisha, Sultani, 2013-03-11, female, OL9 5QX, 07700900549",
        ", Aisha, Sultani,, female, OL9 5QX, 07700900549",
        "R"
    )]
    // Age.
    [InlineData(
        ", Daniel, Quennell, 2012-12-12, male, GU1 4QX, 07700900821",
        ", Daniel, Quennell, 1983-12-12, male, GU1 4QX, 07700900821",
        "N"
    )]
    [InlineData(
        ", Daniel, Quennell, 2012-12-12, male, GU1 4QX, 07700900821",
        ", Daniel, Quennell, 1951-03-30, male, GU1 4QX, 07700900821",
        "N"
    )]
    [InlineData(
        "9434765919, Jessie, Copplestone, 2016-02-20, female, EX20 1QX,",
        "9434765919, Jessie, Copplestone, 1990-02-20, female, EX20 1QX,",
        "R"
    )]
    // Numbers of three countries.
    [InlineData(
        "9434765919, Fergus, Macaskill, 2012-06-05, male, CA3 8QX, 07700900821",
        "0506123693, Fergus, Macaskill, 2012-06-05, male, CA3 8QX, 07700900821",
        "M"
    )]
    [InlineData(
        "9434765919, Orlaith, Mccafferty, 2014-02-03, female, L4 1QX, 07700900821",
        "3214938975, Orlaith, Mccafferty, 2014-02-03, female, L4 1QX, 07700900821",
        "M"
    )]
    // Name and birth date alone.
    [InlineData(
        ", Zebedee, Quillfeather, 2014-02-03, male, L4 1QX, 07700900821",
        ", Zebedee, Quillfeather, 2014-02-03, male, M1 1AA, 07700900555",
        "R"
    )]
    [InlineData(
        ", Zebedee, Quillfeather, 2014-02-03, male, L4 1QX,",
        ", Zebedee, Quillfeather, 2014-02-03, male, L4 1QZ,",
        "R"
    )]
    [InlineData(
        ", Zebedee, Quillfeather, 2014-02-03, male,, 07700900821",
        ", Zebedee, Quillfeather, 2014-02-03, male,, 07700900822",
        "R"
    )]
    [InlineData(
        ", Zebedee, Quillfeather, 2014-02-03, male, L4 1QX,",
        ", Zebedee, Quillfeather, 2014-02-03, male, L4 1QX,",
        "M"
    )]
    // One name in several spellings.
    [InlineData(", Omar, Al-Masri, 2014-02-03, male, L4 1QX,", ", Omar, Elmasry, 2014-02-03, male, M1 1AA,", "R")]
    [InlineData(", Omar, Al-Otaibi, 2014-02-03, male, L4 1QX,", ", Omar, Alotaiby, 2014-02-03, male, M1 1AA,", "R")]
    [InlineData(
        ", Soumaya, El Idrissi, 2014-02-03, female, L4 1QX,",
        ", Soumya, Idrissi, 2014-02-03, female, M1 1AA,",
        "R"
    )]
    [InlineData(", Ka Yan, Cheung, 2011-08-24, female, E14 6QX,", ", Ka Yan, Zhang, 2011-08-24, female, M1 1AA,", "R")]
    [InlineData(", Wing, Wong, 2011-08-24, female, E14 6QX,", ", Wing, Huang, 2011-08-24, female, E14 6QX,", "MR")]
    public void Is_decided_so(string plan, string patient, string accepted)
    {
        var candidate = OnAPlan(Of(plan));
        var person = Person.From(Of(patient));
        var found =
            BlockKeys.ForStoring(candidate.Person).Intersect(BlockKeys.ForSearching(person)).ToList()
                is { Count: > 0 } shared
            && (shared.Count > 1 || shared[0].FindsAlone);

        var decision = Decide.From(person, found ? [candidate] : [], Parameters.Default);

        var outcome = decision.Persons is [var first, ..] ? first.Outcome : null;
        var actual = outcome switch
        {
            MatchOutcome.Matched => "M",
            MatchOutcome.NeedsReview => "R",
            _ => "N",
        };
        Assert.True(
            accepted.Contains(actual, StringComparison.Ordinal),
            $"{actual}, not {accepted}; {outcome?.Evidence.Posterior:F4} {string.Join(", ", outcome?.Evidence.Traits.Select(trait => $"{trait.Trait} {trait.Level} {trait.Bits:F1}") ?? [])}"
        );
    }

    [Fact]
    public void A_telephone_and_a_postcode_of_many_families_are_nobodys_home()
    {
        const string hotel = "CT17 8QX, 01304496001";
        var own = OnAPlan(Of($", Farhad, Stanekzai, 2009-04-03, male, {hotel}"));
        Candidate[] others =
        [
            .. new[] { "Noori", "Karimi" }.Select(
                (family, i) => OnAPlan(Of($", Navid, {family}, 201{i}-05-06, male, {hotel}"))
            ),
        ];

        MatchOutcome OutcomeAmong(params Candidate[] plans) =>
            Decided(Of($", Farhad, Stanekzai, 2009-04-03, male, {hotel}"), plans)
                .Persons.First(person => person.Plans.Any(plan => plan.PlanId == own.PlanId))
                .Outcome;

        Assert.IsType<MatchOutcome.Matched>(OutcomeAmong(own, others[0]));
        var asked = Assert.IsType<MatchOutcome.NeedsReview>(OutcomeAmong([own, .. others]));
        Assert.Equal([ReviewReason.NamesAndBirthDateOnly], asked.Reasons);
        Assert.Contains(asked.Evidence.Traits, trait => trait is { Trait: "phone", Level: "communal" });
        Assert.Contains(asked.Evidence.Traits, trait => trait is { Trait: "postcode", Level: "communal" });
    }

    /// <summary>Taken out of the rules, each veto fails its own line.</summary>
    [Theory]
    [InlineData(ReviewReason.NumberContradicted, "9434765919,, Okonkwo-Hart, 2017-03-09, female, LS8 4HQ, 07700900123")]
    [InlineData(
        ReviewReason.NumbersDiffer,
        "9434765870, Robyn, Okonkwo-Hart, 2017-03-09, female, LS8 4HQ, 07700900123"
    )]
    [InlineData(
        ReviewReason.SexAndBirthDateDiffer,
        "9434765919, Robyn, Okonkwo-Hart, 2016-05-21, male, LS8 4HQ, 07700900123"
    )]
    [InlineData(ReviewReason.GivenNameDiffers, ", Samson, Okonkwo-Hart, 2017-03-09, female, LS8 4HQ, 07700900123")]
    [InlineData(ReviewReason.GivenNameUndecided, ",, Okonkwo-Hart, 2017-03-09, female, LS8 4HQ, 07700900123")]
    [InlineData(ReviewReason.GivenNameUndecided, ", Robin, Okonkwo-Hart, 2017-03-09, female, LS8 4HQ, 07700900123")]
    [InlineData(ReviewReason.BirthDateUndecided, ", Robyn, Okonkwo-Hart,, female, LS8 4HQ, 07700900123")]
    [InlineData(ReviewReason.BirthDateUndecided, ", Robyn, Okonkwo-Hart, 2017-03-10, female, LS8 4HQ, 07700900123")]
    [InlineData(ReviewReason.NamesAndBirthDateOnly, ", Robyn, Okonkwo-Hart, 2017-03-09, female, M1 1AA,")]
    public void Each_veto_keeps_a_likely_person_from_being_matched(ReviewReason reason, string patient)
    {
        var outcome = Assert.IsType<MatchOutcome.NeedsReview>(
            Decided(Of(patient), OnAPlan(Of(Child))).Persons[0].Outcome
        );

        Assert.Contains(reason, outcome.Reasons);
    }

    [Fact]
    public void Twins_by_order_are_not_matched_with_one_another()
    {
        const string first = "9434765919, Twin 1, Dunstable, 2026-11-10, female, YO19 2QX, 07700900466";

        var asked = Assert.IsType<MatchOutcome.NeedsReview>(
            Decided(Of(first.Replace("Twin 1", "Twin 2", StringComparison.Ordinal)), OnAPlan(Of(first)))
                .Persons[0]
                .Outcome
        );

        Assert.Contains(ReviewReason.BirthOrderDiffers, asked.Reasons);
    }

    [Theory]
    [InlineData("Twin 1", 1, null)]
    [InlineData("Twin II", 2, null)]
    [InlineData("T2", 2, null)]
    [InlineData("T 1", 1, null)]
    [InlineData("First twin", 1, null)]
    [InlineData("2nd Twin", 2, null)]
    [InlineData("Twin Two", 2, null)]
    [InlineData("Baby B", 2, null)]
    [InlineData("Baby of Sarah", null, "SARAH")]
    [InlineData("Twin 2 of Sarah", 2, "SARAH")]
    [InlineData("Sarahs Girl", null, "SARAH")]
    [InlineData("Sarah's Boy 2", 2, "SARAH")]
    [InlineData("Sarahsgirl1", 1, "SARAH")]
    [InlineData("1Katherinesgirl", 1, "KATHERINE")]
    [InlineData("Twin 1 Sarahs Girl", 1, "SARAH")]
    [InlineData("Live Male Infant", null, null)]
    [InlineData("FI", null, null)]
    public void A_newborns_temporary_name_tells_birth_order_and_mother_and_no_name(
        string given,
        int? order,
        string? mother
    )
    {
        var person = Person.From(Traits with { Names = [new(NameUse.Usual, "Dunstable", given.Split(' '))] });

        Assert.Equal(order, person.BirthOrder);
        Assert.Equal(mother, person.Mother?.Names[0].Given.Joined);
        Assert.True(person.Names[0].Given.IsEmpty);
    }

    [Theory]
    [InlineData("Sarah Daisy", "SARAHDAISY")]
    [InlineData("Twin 1 Robyn", "ROBYN")]
    [InlineData("Jasper", "JASPER")]
    [InlineData("T", "T")]
    [InlineData("James Boyd", "JAMESBOYD")]
    [InlineData("Paris Girlie", "PARISGIRLIE")]
    public void A_name_is_no_temporary_name(string given, string joined) =>
        Assert.Equal(
            joined,
            Person
                .From(Traits with { Names = [new(NameUse.Usual, "Dunstable", given.Split(' '))] })
                .Names[0]
                .Given.Joined
        );

    [Theory]
    [InlineData("Another", "Okonkwo-Hart", "LS8 4HQ", null)] // another woman is named, home and family name are right
    [InlineData(null, "Okonkwo-Hart", "LS8 4HQ", null)] // nobody is named
    [InlineData("Adaeze", "Whitfield", "LS8 4HQ", null)] // the father's family name
    [InlineData(null, "Whitfield", "M1 1AA", "9434765919")] // with the mother's own number
    public void A_newborn_is_asked_about_as_the_child_and_not_as_the_mother(
        string? motherNamed,
        string family,
        string postcode,
        string? number
    )
    {
        var mother = Traits with
        {
            BirthDate = new DateOnly(1994, 5, 2),
            Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Adaeze"])],
            Phones = [],
        };
        var newborn = new PersonTraits
        {
            Identifier = number is null ? NoNumber : new PersonIdentifier.Known(NhsNumber.Parse(number)),
            Names = [new(NameUse.Usual, family, ["Baby"])],
            BirthDate = new DateOnly(2026, 11, 20),
            Postcodes = [new(postcode)],
            Mother = motherNamed is null
                ? null
                : new() { Identifier = NoNumber, Names = [new(NameUse.Usual, "Okonkwo-Hart", [motherNamed])] },
        };

        var person = Assert.Single(
            Decided(
                newborn,
                OnAPlan(mother, role: MatchRole.MotherOfUnborn, expected: new DateOnly(2026, 11, 28))
            ).Persons
        );

        Assert.IsType<MatchOutcome.NeedsReview>(person.Outcome);
        Assert.Equal(MatchRole.Child, Assert.Single(person.Plans).Role);
    }

    [Fact]
    public void What_one_councils_plan_says_is_no_evidence_for_another_councils()
    {
        var full = OnAPlan(Traits);
        var bare = OnAPlan(Traits with { Identifier = NoNumber, Postcodes = [], Phones = [] }, "E08000032");

        var persons = Decided(
            Traits with
            {
                Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Robyn"])],
            },
            full,
            bare
        ).Persons;
        var alone = Decided(Traits, bare).Persons;

        Assert.IsType<MatchOutcome.Matched>(Of(full));
        var own = Assert.IsType<MatchOutcome.NeedsReview>(Of(bare));
        Assert.Equal(Assert.Single(alone).Outcome.Evidence.Traits, own.Evidence.Traits);
        Assert.Equal(alone[0].Outcome.Evidence.Posterior, own.Evidence.Posterior);

        MatchOutcome Of(Candidate plan) =>
            persons.Single(person => person.Plans.Any(other => other.PlanId == plan.PlanId)).Outcome;
    }

    private static PersonTraits Of(string text)
    {
        var cells = text.Split(',', StringSplitOptions.TrimEntries);
        return new()
        {
            Identifier = NhsNumber.TryParse(cells[0], out var number) ? new PersonIdentifier.Known(number) : NoNumber,
            Names = [new(NameUse.Usual, cells[2], cells[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))],
            BirthDate =
                cells[3].Length == 0
                    ? null
                    : DateOnly.Parse(cells[3], System.Globalization.CultureInfo.InvariantCulture),
            Sex = cells[4] switch
            {
                "male" => Sex.Male,
                "female" => Sex.Female,
                _ => null,
            },
            Postcodes = cells[5].Length == 0 ? [] : [new(cells[5])],
            Phones = cells[6].Length == 0 ? [] : [cells[6]],
        };
    }
}
