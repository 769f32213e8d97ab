using System.Globalization;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Names;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// The block keys of a person. Storing writes one set; searching expands it (day and month swapped, given and family
/// name swapped, nicknames, other spellings), so that the index stays small.
/// </summary>
public static class BlockKeys
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>
    /// More plans than this under one key make it a crowded one, which finds nobody alone: a ward's telephone, a
    /// refuge's postcode.
    /// </summary>
    public const int Crowd = 100;

    /// <summary>Counts the sets of kinds. What was stored with an earlier one is keyed again.</summary>
    public const int Edition = 3;

    /// <summary>The keys under which a person on the register is stored.</summary>
    public static IReadOnlyCollection<BlockKey> ForStoring(Person person) => KeysOf(person, searching: false);

    /// <summary>
    /// The keys by which a patient is looked for: the patient's own, and the mother's, under whom an unborn
    /// plan is stored.
    /// </summary>
    public static IReadOnlyCollection<BlockKey> ForSearching(Person patient)
    {
        var keys = KeysOf(patient, searching: true);
        if (patient.Mother is { } mother)
        {
            keys.UnionWith(KeysOf(mother, searching: true));
            if (mother.Number is { } number)
                keys.Add(new(BlockKind.MotherNumber, number));
        }

        return keys;
    }

    private static HashSet<BlockKey> KeysOf(Person person, bool searching)
    {
        var keys = new HashSet<BlockKey>();
        if (person.Number is { } number)
            keys.Add(new(BlockKind.Number, number));
        foreach (var former in person.FormerNumbers)
            keys.Add(new(BlockKind.Number, former));
        if (person.Mother?.Number is { } mothers)
            keys.Add(new(BlockKind.MotherNumber, mothers));
        foreach (var postcode in person.Postcodes)
            keys.Add(new(BlockKind.Postcode, postcode.Text));
        foreach (var phone in person.Phones)
            keys.Add(new(BlockKind.Phone, phone));

        var dates = DatesOf(person, searching);
        foreach (var date in dates)
        {
            foreach (var postcode in person.Postcodes)
                keys.Add(new(BlockKind.BirthDateOutcode, $"{Day(date)}|{postcode.Outcode}"));
        }

        foreach (var name in person.Names)
        {
            AddNames(keys, name.Family, name.Given, dates, person.Postcodes, searching);
            if (searching)
                AddNames(keys, name.Given, name.Family, dates, person.Postcodes, searching);
        }

        return keys;
    }

    private static void AddNames(
        HashSet<BlockKey> keys,
        NameWords family,
        NameWords given,
        IReadOnlyList<BirthDate> dates,
        IReadOnlyList<Postcode> postcodes,
        bool searching
    )
    {
        foreach (var date in dates)
        {
            foreach (var word in given.Words)
            {
                foreach (var spelled in searching ? Spellings.OfGiven.OthersOf(word).Prepend(word) : [word])
                {
                    foreach (var group in Nicknames.GroupsOf(spelled, searching))
                        keys.Add(new(BlockKind.GivenBirthDate, $"{group}|{Day(date)}"));
                }
            }

            foreach (var sound in SoundsOf(given, Spellings.OfGiven, given.Words.Count, searching))
            {
                foreach (var postcode in postcodes)
                    keys.Add(new(BlockKind.GivenOutcodeMonth, $"{sound}|{postcode.Outcode}|{Month(date)}"));
            }
        }

        var firstTwo = SoundsOf(given, Spellings.OfGiven, 2, searching);
        foreach (var sound in SoundsOf(family, Spellings.OfFamily, family.Words.Count, searching))
        {
            foreach (var givenSound in firstTwo)
            {
                foreach (var postcode in postcodes)
                    keys.Add(new(BlockKind.FamilyGivenOutcode, $"{sound}|{givenSound}|{postcode.Outcode}"));
            }

            foreach (var date in dates)
                AddFamily(keys, sound, firstTwo, date, postcodes, searching);
        }
    }

    // The register has each name as it was written there; whoever looks for it tries the other spellings.
    private static List<string> SoundsOf(NameWords name, Spellings spellings, int most, bool searching)
    {
        List<string> sounds = [.. name.PhoneticKeys.Take(most)];
        if (searching)
            sounds.AddRange(name.Words.Take(most).SelectMany(spellings.OthersOf).Select(PhoneticKey.Of));
        return sounds;
    }

    private static void AddFamily(
        HashSet<BlockKey> keys,
        string sound,
        List<string> givenSounds,
        BirthDate date,
        IReadOnlyList<Postcode> postcodes,
        bool searching
    )
    {
        keys.Add(new(BlockKind.FamilyBirthDate, $"{sound}|{Day(date)}"));
        keys.Add(new(BlockKind.FamilyYearDay, string.Create(Culture, $"{sound}|{date.Year}|{date.Day}")));
        keys.Add(new(BlockKind.FamilyYearMonth, string.Create(Culture, $"{sound}|{date.Year}|{date.Month}")));
        keys.Add(new(BlockKind.FamilyMonthDay, string.Create(Culture, $"{sound}|{date.Month}|{date.Day}")));
        foreach (var givenSound in givenSounds)
        {
            keys.Add(new(BlockKind.FamilyGivenYear, string.Create(Culture, $"{sound}|{givenSound}|{date.Year}")));
            keys.Add(
                new(
                    BlockKind.FamilyGivenMonthDay,
                    string.Create(Culture, $"{sound}|{givenSound}|{date.Month}|{date.Day}")
                )
            );
            // One for a patient's 1 January, one for a plan's: two whose dates are both right find each other by
            // neither.
            if (!searching || date.IsDefault)
            {
                keys.Add(
                    new(
                        BlockKind.FamilyGivenYearOnly,
                        string.Create(Culture, $"patient's|{sound}|{givenSound}|{date.Year}")
                    )
                );
            }

            if (searching || date.IsDefault)
            {
                keys.Add(
                    new(
                        BlockKind.FamilyGivenYearOnly,
                        string.Create(Culture, $"plan's|{sound}|{givenSound}|{date.Year}")
                    )
                );
            }
        }

        foreach (var postcode in postcodes)
        {
            keys.Add(
                new(BlockKind.FamilyOutcodeYear, string.Create(Culture, $"{sound}|{postcode.Outcode}|{date.Year}"))
            );
        }
    }

    private static List<BirthDate> DatesOf(Person person, bool searching)
    {
        if (person.BirthDate is not { } date)
            return [];
        return searching && date.Day is >= 1 and <= 12 && date.Day != date.Month ? [date, date.Swapped] : [date];
    }

    private static string Day(BirthDate date) => string.Create(Culture, $"{date.Year:D4}{date.Month:D2}{date.Day:D2}");

    private static string Month(BirthDate date) => string.Create(Culture, $"{date.Year:D4}{date.Month:D2}");
}
