using System.Globalization;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.TestKit;

/// <summary>
/// Invented people. Their NHS numbers pass Modulus 11 and begin with 90 to 98, which were never
/// issued.
/// </summary>
public static class Synthetic
{
    private static int _next;

    /// <summary>The n-th synthetic NHS number; always the same for the same n.</summary>
    public static NhsNumber NhsNumber(int n)
    {
        // Some stems have no check digit (it would be 10): each n owns ten stems, of which the first that works is
        // taken.
        for (var stem = 900_000_000L + (n % 8_000_000L * 10); ; stem++)
        {
            var digits = stem.ToString("D9", CultureInfo.InvariantCulture);
            var sum = 0;
            for (var i = 0; i < 9; i++)
                sum += (digits[i] - '0') * (10 - i);
            var check = (11 - (sum % 11)) % 11;
            if (check < 10)
                return Contracts.NhsNumber.Parse($"{digits}{check}");
        }
    }

    /// <summary>An NHS number no other call in this process has given.</summary>
    public static NhsNumber NextNhsNumber() => NhsNumber(Interlocked.Increment(ref _next));

    /// <summary>A child nobody else in this run is like; change with <c>with</c> only what the test is about.</summary>
    public static PersonTraits AChild()
    {
        var n = Interlocked.Increment(ref _next);
        return new PersonTraits
        {
            Identifier = new PersonIdentifier.Known(NhsNumber(n)),
            Names = [new PersonName(NameUse.Usual, Family(n), [Given(n)])],
            BirthDate = new DateOnly(2012, 1, 1).AddDays(n * 37 % 3650),
            Sex = n % 2 == 0 ? Contracts.Persons.Sex.Female : Contracts.Persons.Sex.Male,
            Postcodes = [new PersonPostcode($"ZZ{(n % 90) + 1} {n % 9}{Letter(n)}{Letter(n / 23)}")],
        };
    }

    /// <summary>A grown woman, such as the mother of an unborn child.</summary>
    public static PersonTraits AWoman() =>
        AChild() with
        {
            BirthDate = new DateOnly(1994, 1, 1).AddDays(_next * 53 % 3650),
            Sex = Contracts.Persons.Sex.Female,
        };

    // Pronounceable and unlike each other, so that a matcher has something real to compare.
    private static string Family(int n) =>
        $"{Syllables[n % 20]}{Syllables[n / 20 % 20].ToLowerInvariant()}{Syllables[n / 400 % 20].ToLowerInvariant()}field";

    private static string Given(int n) => $"{Syllables[n * 7 % 20]}{Syllables[(n / 3) % 20].ToLowerInvariant()}a";

    private static char Letter(int n) => (char)('A' + (n % 23));

    private static readonly string[] Syllables =
    [
        "Ba",
        "Ced",
        "Dor",
        "Fen",
        "Gil",
        "Har",
        "Jos",
        "Kel",
        "Lim",
        "Mor",
        "Nev",
        "Os",
        "Pem",
        "Quil",
        "Rud",
        "Sel",
        "Tam",
        "Ul",
        "Ves",
        "Wyn",
    ];
}
