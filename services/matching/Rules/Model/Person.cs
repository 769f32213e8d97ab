using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Frequencies;
using Safeguarding.Matching.Rules.Names;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.Matching.Rules.Model;

/// <summary>
/// A person made ready for comparison: names transliterated and freed of non-names, postcodes and phones in one form,
/// numbers that belong to nobody taken out. In memory only, and never shown by <see cref="ToString"/>.
/// </summary>
public sealed record Person
{
    // Whoever writes a letter into the box of the name must not make a thousand pairs of it.
    private const int MostWords = 6;

    /// <summary>The national number, or null where there is none to compare.</summary>
    public string? Number { get; init; }

    /// <summary>
    /// True where <see cref="Number"/> passed its check digit: then no single slip of a key made it out of
    /// another.
    /// </summary>
    public bool NumberIsChecked { get; init; }

    /// <summary>
    /// How far <see cref="Number"/> was traced, as its sender states it; null where it states
    /// nothing.
    /// </summary>
    public NhsNumberStatus? NumberStatus { get; init; }

    /// <summary>Numbers of this person that were superseded by <see cref="Number"/> in a merge.</summary>
    public IReadOnlyList<string> FormerNumbers { get; init; } = [];

    /// <summary>Every name, the usual one first.</summary>
    public IReadOnlyList<ComparedName> Names { get; init; } = [];

    /// <summary>Which of twins the names say that a newborn is: 1 is the first; null where they do not say.</summary>
    public int? BirthOrder => Names.Count == 0 ? null : Names[0].BirthOrder;

    /// <summary>Birth date, or null.</summary>
    public BirthDate? BirthDate { get; init; }

    /// <summary>Sex, or null.</summary>
    public Sex? Sex { get; init; }

    /// <summary>Postcodes, the current one first.</summary>
    public IReadOnlyList<Postcode> Postcodes { get; init; } = [];

    /// <summary>Telephone numbers, digits only, without the country.</summary>
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>The mother as far as known; her own mother is always null.</summary>
    public Person? Mother { get; init; }

    /// <summary>
    /// Further columns that only files have (address words, places, e-mail), by trait; empty for encounters
    /// and plans.
    /// </summary>
    public IReadOnlyList<FurtherTrait> Further { get; init; } = [];

    /// <summary>Where the record was written: an ambulance's postcode is the incident's, not the home's.</summary>
    public CareSetting WrittenBy { get; init; }

    /// <summary>
    /// The day of the encounter, by which a patient's age is judged; null of who is on a register, and where it is not
    /// known.
    /// </summary>
    public DateOnly? SeenOn { get; init; }

    /// <summary>Makes a person of what a plan or an encounter tells.</summary>
    public static Person From(PersonTraits traits, CareSetting writtenBy = CareSetting.Unknown)
    {
        var names = traits.Names.Select(ComparedName.From).Where(name => !name.IsEmpty).ToList();
        return new()
        {
            Number = NumberOf(traits.Identifier.NhsNumber),
            NumberIsChecked = true,
            NumberStatus = traits.NumberStatus,
            Names = names,
            BirthDate = traits.BirthDate is { } date ? Rules.Traits.BirthDate.From(date) : null,
            Sex = traits.Sex,
            Postcodes =
            [
                .. traits
                    .Postcodes.Select(postcode => Postcode.From(postcode.Postcode, postcode.Former))
                    .OfType<Postcode>(),
            ],
            Phones = [.. traits.Phones.Select(Phone.From).OfType<string>().Distinct()],
            Mother = traits.Mother is null ? MotherOf(names) : From(traits.Mother, writtenBy),
            WrittenBy = writtenBy,
        };
    }

    /// <summary>The same person, known to have had other numbers before.</summary>
    public Person WithFormerNumbers(IEnumerable<NhsNumber> numbers) =>
        this with
        {
            FormerNumbers =
            [
                .. numbers.Select(number => NumberOf(number)).OfType<string>().Where(number => number != Number),
            ],
        };

    /// <summary>What of the usual name is counted; each once.</summary>
    public IEnumerable<BorneName> BorneNames()
    {
        if (Names is not [var name, ..])
            yield break;
        var givens = name.Given.Words.Distinct().Take(MostWords).ToList();
        foreach (var given in givens)
            yield return new(null, given);
        foreach (var family in name.Family.Words.Distinct().Take(MostWords))
        {
            yield return new(family, null);
            foreach (var given in givens)
                yield return new(family, given);
        }
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(Person);

    // "Twin 1 of Sarah" names the mother, and no family name of hers.
    private static Person? MotherOf(List<ComparedName> names) =>
        names.Find(name => !name.MotherGiven.IsEmpty) is { } named
            ? new() { Names = [new(NameUse.Usual, NameWords.None, named.MotherGiven)] }
            : null;

    private static string? NumberOf(NhsNumber? number) => number is { IsNobodys: false } own ? own.Reveal() : null;
}
