using System.Globalization;
using Safeguarding.Contracts;

namespace Safeguarding.Demo.People;

/// <summary>
/// Children that exist nowhere: the n-th is always the same, on every machine, so that a register and its
/// encounters can be made apart.
/// </summary>
internal static class SyntheticPeople
{
    /// <summary>How many different children there are.</summary>
    public const int Count = 8_000_000;

    private static readonly DateOnly FirstBirthDate = new(2009, 1, 1);
    private const int BirthDays = 5_800;

    /// <param name="number">0 to <see cref="Count"/>, exclusive.</param>
    public static SyntheticChild Child(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        var dice = new SeededRandom((ulong)number);
        var isGirl = dice.Roll(2) == 0;
        var given = isGirl ? Names.Girls : Names.Boys;
        return new SyntheticChild(
            number,
            NumberOf(number),
            dice.Pick(Names.FamilyBeginnings) + dice.Pick(Names.FamilyEndings),
            dice.Pick(given),
            dice.Pick(given),
            isGirl,
            FirstBirthDate.AddDays(dice.Roll(BirthDays)),
            $"ZZ{dice.Roll(98) + 1} {dice.Roll(10)}{dice.Letter()}{dice.Letter()}",
            // 07700 900000 to 900999 are kept free for plays and films.
            string.Create(CultureInfo.InvariantCulture, $"07700 900{dice.Roll(1000):D3}")
        );
    }

    private static NhsNumber NumberOf(int number)
    {
        // Some stems have no check digit (it would be 10): each child owns ten stems, of which the first that works is
        // taken.
        for (var stem = 900_000_000L + (number * 10L); ; stem++)
        {
            var digits = stem.ToString("D9", CultureInfo.InvariantCulture);
            var sum = 0;
            for (var i = 0; i < 9; i++)
                sum += (digits[i] - '0') * (10 - i);
            var check = (11 - (sum % 11)) % 11;
            if (check < 10)
                return NhsNumber.Parse($"{digits}{check}");
        }
    }

    /// <summary>
    /// SplitMix64: the same rolls for the same child on every runtime, which System.Random does not
    /// promise.
    /// </summary>
    private struct SeededRandom(ulong seed)
    {
        private ulong _state = seed * 0x9E3779B97F4A7C15;

        public int Roll(int sides)
        {
            _state += 0x9E3779B97F4A7C15;
            var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) % (ulong)sides);
        }

        public string Pick(string[] words) => words[Roll(words.Length)];

        // Postcodes end in letters that are not mistaken for digits.
        public char Letter() => "ABDEFGHJLNPQRSTUWXYZ"[Roll(20)];
    }
}
