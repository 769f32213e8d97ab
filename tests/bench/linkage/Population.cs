using System.Collections;
using System.Globalization;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.Bench.Linkage;

/// <summary>
/// Makes homes with children. Of siblings 3 % are twins (linkage.md §5.1); names follow their ranks (share of rank r
/// about 1/(r+4)). Numbers begin 90 to 98: valid and never issued.
/// </summary>
internal sealed class Population(Random random, DateOnly today)
{
    private const double Twins = 0.03;
    private const int Areas = 120;

    private const int FirstNumber = 900_000_000;
    private const int Numbers = 90_000_000;

    private readonly BitArray _given = new(Numbers);
    private int _nextNumber = random.Next(1_000_000);
    private int _nextId;

    public Random Random => random;

    public Home NewHome(Origin? from = null)
    {
        var origin = from ?? PickOrigin();
        var family = Pick(origin.Families);
        var home = new Home(
            origin,
            family,
            NewPostcode(),
            NewPostcode(),
            NewPhone(),
            NewNumber(),
            Pick(origin.Girls),
            Chance(0.6) ? family : Pick(origin.Families)
        );
        var children = random.NextDouble() switch
        {
            < 0.35 => 1,
            < 0.75 => 2,
            < 0.92 => 3,
            _ => 4,
        };
        for (var i = 0; i < children; i++)
        {
            if (i > 0 && Chance(Twins))
                Add(home, home.Children[^1].Born, home.Children[^1].Id);
            else
                Add(home, NewBirthDate(home), -1);
        }

        return home;
    }

    public bool Chance(double chance) => random.NextDouble() < chance;

    public string Pick(string[] names)
    {
        // Ranks: the first is about five times as common as the twentieth.
        var rank = (int)(Math.Exp(random.NextDouble() * Math.Log((names.Length + 4) / 4.0)) * 4) - 4;
        return names[Math.Clamp(rank, 0, names.Length - 1)];
    }

    public string NewPostcode()
    {
        var area = random.Next(Areas);
        const string letters = "ABDEFGHJLNPQRSTUWXYZ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{letters[area % 20]}{letters[area / 20]}{random.Next(1, 30)} "
                + $"{random.Next(0, 10)}{letters[random.Next(20)]}{letters[random.Next(20)]}"
        );
    }

    public string NewPhone() =>
        string.Create(CultureInfo.InvariantCulture, $"07700 {random.Next(900000, 999999)}{random.Next(10)}");

    public string NewNumber()
    {
        while (true)
        {
            // Several million people reach the last number, and whoever comes then must not bear one that was given.
            _nextNumber = (_nextNumber + random.Next(1, 40)) % Numbers;
            while (_given[_nextNumber])
                _nextNumber = (_nextNumber + 1) % Numbers;
            _given[_nextNumber] = true;
            var body = (FirstNumber + _nextNumber).ToString(CultureInfo.InvariantCulture);
            for (var check = 0; check < 10; check++)
            {
                if (NhsNumber.TryParse(body + check, out _))
                    return body + check;
            }
        }
    }

    private void Add(Home home, DateOnly born, int twinOf)
    {
        var sex = Chance(0.5) ? Sex.Male : Sex.Female;
        var names = sex == Sex.Male ? home.Origin.Boys : home.Origin.Girls;
        var given = Pick(names);
        while (home.Children.Exists(child => child.Given == given))
            given = names[random.Next(names.Length)];
        var second = Chance(0.5) ? Pick(names) : null;
        home.Children.Add(
            new(
                _nextId++,
                home,
                NewNumber(),
                given,
                second == given ? null : second,
                home.Family,
                born,
                sex,
                twinOf >= 0,
                twinOf
            )
        );
    }

    private DateOnly NewBirthDate(Home home)
    {
        // A third of brothers and sisters follow within eighteen months; nearly a tenth of attenders are in their first
        // year.
        if (home.Children.Count > 0 && Chance(0.33) && home.Children[^1].Born.AddDays(560) < today)
            return home.Children[^1].Born.AddDays(random.Next(300, 560));
        return today.AddDays(Chance(0.09) ? -random.Next(0, 365) : -random.Next(365, 18 * 365));
    }

    private Origin PickOrigin()
    {
        var point = random.NextDouble();
        foreach (var origin in Origin.All)
        {
            if ((point -= origin.Share) < 0)
                return origin;
        }

        return Origin.All[0];
    }
}
