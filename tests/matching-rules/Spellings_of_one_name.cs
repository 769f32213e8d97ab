using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;
using static Safeguarding.Matching.Tests.Rules.A_child;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// Somali against English, Cantonese against Pinyin: what is one name in two spellings is found and asked about, and
/// what only looks like it is not taken for it.
/// </summary>
public sealed class Spellings_of_one_name
{
    [Theory]
    [InlineData("Xasan", "Hassan", "close")]
    [InlineData("Cusmaan", "Osman", "close")]
    [InlineData("Cusman", "Usman", "close")]
    [InlineData("Cumar", "Omar", "close")]
    [InlineData("Axmed", "Ahmed", "close")]
    [InlineData("Xaliimo", "Halima", "close")]
    [InlineData("Faadumo", "Fatima", "close")]
    [InlineData("Caasha", "Aisha", "close")]
    [InlineData("Xuseen", "Hussein", "close")]
    [InlineData("Jaamac", "Jama", "close")]
    [InlineData("Sahra", "Zahra", "close")]
    [InlineData("Siciid", "Said", "close")]
    [InlineData("Maxamed", "Mohamed", "nickname")]
    [InlineData("Maxamed Xasan", "Mohamed Hassan", "close")]
    // The same but for the 'ayn.
    [InlineData("Cabdi", "Abdi", "close")]
    [InlineData("Cabdullaahi", "Abdullahi", "close")]
    [InlineData("Cali", "Ali", "close")]
    // Brothers and sisters, and names that only look like a Somali one.
    [InlineData("Xasan", "Hussein", "different")]
    [InlineData("Xuseen", "Hassan", "different")]
    [InlineData("Maxamed Xasan", "Mohamed Hussein", "different")]
    [InlineData("Cumar", "Ali", "different")]
    [InlineData("Xaliimo", "Hamdi", "different")]
    [InlineData("Caasha", "Sahra", "different")]
    [InlineData("Cali", "Calista", "alike")]
    [InlineData("Cali", "Alice", "different")]
    [InlineData("Colin", "Olin", "likeName")]
    [InlineData("Carter", "Arthur", "different")]
    public void Given_names(string ours, string theirs, string level) =>
        Assert.Equal(level, LevelOf("givenName", Named("Warsame", ours), Named("Warsame", theirs)));

    [Theory]
    [InlineData("Xasan", "Hassan", "close")]
    [InlineData("Cigaal", "Egal", "close")]
    [InlineData("Chan", "Chen", "close")]
    [InlineData("Wong", "Huang", "close")]
    [InlineData("Wong", "Wang", "close")]
    [InlineData("Lee", "Li", "close")]
    [InlineData("Cheung", "Zhang", "close")]
    [InlineData("Ng", "Wu", "close")]
    [InlineData("Leung", "Liang", "close")]
    [InlineData("Lam", "Lin", "close")]
    [InlineData("Ho", "He", "close")]
    [InlineData("Yeung", "Yang", "close")]
    [InlineData("Tsang", "Zeng", "close")]
    [InlineData("Kwok", "Guo", "close")]
    [InlineData("Chow", "Zhou", "close")]
    [InlineData("Lau", "Liu", "close")]
    [InlineData("Hsieh", "Tse", "close")]
    // Of two characters, though each is spelled like a third.
    [InlineData("Huang", "Wang", "different")]
    [InlineData("Hui", "Tsui", "different")]
    [InlineData("Lau", "Liao", "sound")]
    [InlineData("Chan", "Zhang", "different")]
    [InlineData("Chow", "Zhu", "different")]
    [InlineData("Ho", "Hu", "sound")]
    [InlineData("Carter", "Artan", "different")]
    public void Family_names(string ours, string theirs, string level) =>
        Assert.Equal(level, LevelOf("familyName", Named(ours, "Hodan"), Named(theirs, "Hodan")));

    /// <summary>
    /// Patient and plan by name and birth date alone, in two towns: found by keys, and never more than a
    /// question.
    /// </summary>
    [Theory]
    [InlineData("Cabdi", "Xasan", "Abdi", "Hassan")]
    [InlineData("Cali", "Cusmaan", "Ali", "Osman")]
    [InlineData("Xaliimo", "Axmed", "Halima", "Ahmed")]
    [InlineData("Xaliimo", "Cigaal", "Halima", "Egal")]
    [InlineData("Cumar", "Faarax", "Omar", "Farah")]
    [InlineData("Caasha", "Cilmi", "Aisha", "Elmi")]
    [InlineData("Ka Yan", "Cheung", "Ka Yan", "Zhang")]
    [InlineData("Wing", "Wong", "Wing", "Huang")]
    [InlineData("Wing", "Wong", "Wing", "Wang")]
    [InlineData("Kevin", "Ng", "Kevin", "Wu")]
    [InlineData("Kevin", "Kwok", "Kevin", "Guo")]
    [InlineData("Kevin", "Chow", "Kevin", "Zhou")]
    [InlineData("Kevin", "Tsang", "Kevin", "Zeng")]
    public void Are_found_and_asked_about_either_way(string given, string family, string otherGiven, string otherFamily)
    {
        Assert.Equal("R", OutcomeOf(Named(family, given), Named(otherFamily, otherGiven, "M1 1AA")));
        Assert.Equal("R", OutcomeOf(Named(otherFamily, otherGiven), Named(family, given, "M1 1AA")));
    }

    /// <summary>Neither given name nor birth date equal in text: keys of the spelling alone find them.</summary>
    [Theory]
    [InlineData("Xasan", "Cusmaan", "Hassan", "Osman")]
    [InlineData("Wing", "Cheung", "Wing", "Zhang")]
    public void Are_found_with_a_birth_date_a_digit_off(
        string given,
        string family,
        string otherGiven,
        string otherFamily
    )
    {
        var patient = Named(family, given) with { BirthDate = new DateOnly(2017, 3, 8) };

        Assert.Single(Found(patient, Named(otherFamily, otherGiven)));
        Assert.NotEqual("M", OutcomeOf(patient, Named(otherFamily, otherGiven)));
    }

    [Theory]
    [InlineData("Xasan", "Hassan")]
    [InlineData("Cali", "Ali")]
    [InlineData("Maxamed", "Mohamed")]
    [InlineData("Xaliimo", "Halima")]
    public void Another_spelling_of_the_given_name_is_a_question_without_a_number_even_at_home(
        string given,
        string other
    ) => Assert.Equal("R", OutcomeOf(Named("Warsame", given), Named("Warsame", other)));

    [Theory]
    [InlineData("Xasan", "Hassan")]
    [InlineData("Xaliimo", "Halima")]
    public void With_the_childs_own_number_and_home_another_spelling_is_the_child(string given, string other)
    {
        var number = Traits.Identifier;

        Assert.Equal(
            "M",
            OutcomeOf(
                Named("Warsame", given) with
                {
                    Identifier = number,
                },
                Named("Warsame", other) with
                {
                    Identifier = number,
                }
            )
        );
    }

    private static string OutcomeOf(PersonTraits patient, PersonTraits registered) =>
        Decide.From(Person.From(patient), Found(patient, registered), Parameters.Default).Persons switch
        {
            [{ Outcome: MatchOutcome.Matched }] => "M",
            [{ Outcome: MatchOutcome.NeedsReview }] => "R",
            _ => "N",
        };

    private static IReadOnlyList<Candidate> Found(PersonTraits patient, PersonTraits registered)
    {
        using var index = new RegisterIndex([OnAPlan(registered)]);
        return index.Find(Person.From(patient)).Found;
    }

    private static PersonTraits Named(string family, string given, string postcode = "LS8 4HQ") =>
        Traits with
        {
            Identifier = NoNumber,
            Names = [new(NameUse.Usual, family, given.Split(' '))],
            Postcodes = [new(postcode)],
            Phones = [],
            Sex = null,
        };

    private static string? LevelOf(string trait, PersonTraits ours, PersonTraits theirs) =>
        Decided(ours with { Identifier = Traits.Identifier }, OnAPlan(theirs with { Identifier = Traits.Identifier }))
            .Persons[0]
            .Outcome.Evidence.Traits.FirstOrDefault(evidence => evidence.Trait == trait)
            ?.Level;
}
