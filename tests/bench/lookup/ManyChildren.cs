using System.Globalization;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.Bench.Lookup;

/// <summary>
/// Any number of synthetic children, each made again from its number alone, so that ten million need no memory. Two of
/// a home share surname, postcode and telephone; one home in thirty has twins. Names follow ranks (share of rank r
/// about 1/(r + 20), so that the commonest surname is 0.6 % and the commonest given name 1 %).
/// </summary>
internal static class ManyChildren
{
    private const int Surnames = 60_000,
        GivenNames = 3_000,
        Postcodes = 1_700_000,
        Days = 18 * 365;
    private static readonly DateOnly First = new(2008, 11, 25);
    private static readonly string[] Syllables =
    [
        "ba",
        "ce",
        "do",
        "fen",
        "gil",
        "har",
        "jo",
        "kel",
        "li",
        "mor",
        "ne",
        "ost",
        "pem",
        "qui",
        "ru",
        "sel",
        "ta",
        "ul",
        "ves",
        "wyn",
    ];

    public static Guid IdOf(int n) => new(n, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    public static int NumberOf(Guid id) => BitConverter.ToInt32(id.ToByteArray());

    public static Candidate CandidateOf(int n) => new(IdOf(n), "E08000035", MatchRole.Child, Of(n));

    public static Person Of(int n)
    {
        var home = new Draw((ulong)(n / 2) + 0x1000_0000_0000);
        var own = new Draw((ulong)n);
        var family = Name(home.Rank(Surnames) + 400);
        var born = home.Next(30) == 0 ? home.Next(Days) : own.Next(Days);
        return new()
        {
            Number = (9_000_000_000L + n).ToString(CultureInfo.InvariantCulture),
            NumberIsChecked = true,
            Names =
            [
                ComparedName.From(
                    new PersonName(
                        NameUse.Usual,
                        family,
                        own.Next(2) == 0
                            ? [Name(own.Rank(GivenNames))]
                            : [Name(own.Rank(GivenNames)), Name(own.Rank(GivenNames))]
                    )
                ),
            ],
            BirthDate = BirthDate.From(First.AddDays(born)),
            Sex = own.Next(2) == 0 ? Sex.Female : Sex.Male,
            Postcodes = [Postcode.From(PostcodeOf(home.Next(Postcodes)), former: false)!],
            Phones = [(7_700_000_000L + home.Next(900_000_000)).ToString(CultureInfo.InvariantCulture)],
        };
    }

    /// <summary>The child as an ambulance writes it: no number, another postcode, one name.</summary>
    public static Person AsWritten(int n)
    {
        var child = Of(n);
        var draw = new Draw((ulong)n + 0x7_0000_0000_0000);
        return child with
        {
            Number = draw.Next(2) == 0 ? null : child.Number,
            Postcodes =
                draw.Next(2) == 0 ? child.Postcodes : [Postcode.From(PostcodeOf(draw.Next(Postcodes)), former: false)!],
            Phones = draw.Next(2) == 0 ? child.Phones : [],
        };
    }

    private static string PostcodeOf(int n)
    {
        const string letters = "ABDEFGHJLNPQRSTUWXYZ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{letters[n / 4000 % 20]}{letters[n / 80000 % 20]}{(n / 1_600_000 * 20) + (n / 4000 % 20) + 1} "
                + $"{n / 400 % 10}{letters[n / 20 % 20]}{letters[n % 20]}"
        );
    }

    private static string Name(int rank)
    {
        var name = Syllables[rank % 20];
        for (rank /= 20; rank > 0; rank /= 20)
            name += Syllables[rank % 20];
        return name;
    }

    private struct Draw(ulong seed)
    {
        private ulong _state = seed;

        public int Next(int below) => (int)(Bits() % (ulong)below);

        public int Rank(int ranks) =>
            (int)(20 * Math.Exp(Bits() / (double)ulong.MaxValue * Math.Log((ranks + 20) / 20.0))) - 20;

        private ulong Bits()
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
