using Safeguarding.Contracts;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>A synthetic child to vary, and plans for it.</summary>
internal static class A_child
{
    public static PersonTraits Traits =>
        new()
        {
            Identifier = new PersonIdentifier.Known(NhsNumber.Parse("9434765919")),
            Names = [new(NameUse.Usual, "Okonkwo-Hart", ["Robyn"])],
            BirthDate = new DateOnly(2017, 3, 9),
            Sex = Sex.Female,
            Postcodes = [new("LS8 4HQ")],
            Phones = ["07700 900123"],
        };

    public static PersonIdentifier NoNumber => new PersonIdentifier.Unknown();

    public static Candidate OnAPlan(
        PersonTraits traits,
        string council = "E08000035",
        MatchRole role = MatchRole.Child,
        DateOnly? expected = null
    ) => new(Guid.CreateVersion7(), council, role, Person.From(traits), expected);

    public static Decision Decided(PersonTraits patient, params Candidate[] candidates) =>
        Decide.From(Person.From(patient), candidates, Parameters.Default);
}
