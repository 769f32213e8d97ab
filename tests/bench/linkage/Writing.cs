using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.Bench.Linkage;

/// <summary>
/// How a trust writes a child down. Rates are of the hub's design page on linkage (§2.2, §2.4, §2.7 and §6) where they
/// are known there, and assumed where it says that nothing is published; changing one needs a decision record.
/// </summary>
internal sealed class Writing(Population population, DateOnly today)
{
    // CUREd, §2.2: usable number and birth date in 98.0, 96.3 and 14.4 of a hundred.
    private static double NumberMissing(CareSetting setting) =>
        setting switch
        {
            CareSetting.Ambulance => 0.856,
            CareSetting.Nhs111 => 0.037,
            _ => 0.02,
        };

    private const double SupersededNumber = 0.005; // §2.4: 3,381 of about 700,000 traces
    private const double WrongNumber = 0.003; // assumed: nothing published
    private const double PostcodeDiffers = 0.50; // §2.7, Harron 2017: 53 % differ or are missing
    private const double PostcodeMissing = 0.03;
    private const double BirthDateWrong = 0.0011; // §2.7, Harron 2017
    private const double SexWrong = 0.001;
    private const double Typo = 0.012; // assumed, each name
    private const double Respelled = 0.05; // assumed, names that have another spelling
    private const double Nickname = 0.03; // assumed
    private const double Swapped = 0.003; // assumed
    private const double Renamed = 0.02; // assumed: fostered, adopted, mother's new name
    private const double HalfBarrelled = 0.2; // assumed
    private const double SecondNameOnly = 0.005; // assumed
    private const double NewbornUnnamed = 0.6; // §2.2: given names are missing at first
    private const double PhoneGiven = 0.5; // assumed
    private const double PhoneSame = 0.6; // assumed

    private readonly Random _random = population.Random;

    public Attendance Of(Child child)
    {
        var setting = _random.NextDouble() switch
        {
            < 0.6 => CareSetting.EmergencyDepartment,
            < 0.8 => CareSetting.Nhs111,
            < 0.9 => CareSetting.UrgentTreatmentCentre,
            _ => CareSetting.Ambulance,
        };
        var newborn = child.Born.AddDays(28) > today;
        // Error clusters where care is hurried and where the child is new (§2.7).
        var hurry =
            setting == CareSetting.Ambulance ? 3
            : newborn ? 2
            : 1;
        var strata = new List<string> { Age(child), child.Home.Origin.Name };
        if (setting == CareSetting.Ambulance)
            strata.Add("ambulance");
        if (child.IsTwin || child.Home.Children.Exists(other => other.FirstOfTwins == child.Id))
            strata.Add("twins");
        if (
            child.Home.Children.Exists(other =>
                other != child
                && other.Sex == child.Sex
                && Math.Abs(other.Born.DayNumber - child.Born.DayNumber) is > 0 and < 600
            )
        )
        {
            strata.Add("same-sex sibling a year apart");
        }

        var identifier = Number(child, setting, strata);
        var names = Names(child, newborn, hurry, strata);
        return new(
            child,
            new()
            {
                Identifier = identifier,
                Names = [names],
                BirthDate = population.Chance(BirthDateWrong * hurry * (newborn ? 4 : 1))
                    ? Wrong(child.Born)
                    : child.Born,
                Sex = population.Chance(SexWrong * hurry) ? (child.Sex == Sex.Male ? Sex.Female : Sex.Male) : child.Sex,
                Postcodes = Postcodes(child, setting, strata),
                Phones = !population.Chance(PhoneGiven)
                    ? []
                    : [population.Chance(PhoneSame) ? child.Home.Phone : population.NewPhone()],
                Mother = newborn && population.Chance(0.7) ? Mother(child) : null,
            },
            setting,
            strata
        );
    }

    private PersonIdentifier Number(Child child, CareSetting setting, List<string> strata)
    {
        if (population.Chance(NumberMissing(setting)))
        {
            strata.Add("without number");
            return new PersonIdentifier.Unknown();
        }

        strata.Add("with number");
        if (!population.Chance(WrongNumber))
            return Known(child.Number);
        strata.Add("wrong valid number");
        var others = child.Home.Children.Where(other => other != child).ToList();
        return Known(
            _random.Next(10) switch
            {
                < 6 when others.Count > 0 => others[_random.Next(others.Count)].Number,
                < 8 => child.Home.MotherNumber,
                _ => population.NewNumber(),
            }
        );
    }

    private PersonName Names(Child child, bool newborn, int hurry, List<string> strata)
    {
        var origin = child.Home.Origin;
        var family = child.Family;
        if (population.Chance(Renamed))
        {
            strata.Add("renamed");
            family = population.Pick(origin.Families);
        }
        else if (origin.Name == "Double-barrelled" && population.Chance(HalfBarrelled))
        {
            family = family.Split('-')[_random.Next(2)];
        }

        if (newborn && population.Chance(NewbornUnnamed))
        {
            strata.Add("newborn without given name");
            return new(NameUse.Usual, family, [child.IsTwin ? "Twin 2" : "Baby"]);
        }

        var given = child.Second is { } second && population.Chance(SecondNameOnly) ? second : child.Given;
        given = Slipped(given, origin, hurry, Nickname);
        family = Slipped(family, origin, hurry, 0);
        string[] all = child.Second is { } also && population.Chance(0.4) ? [given, also] : [given];
        return population.Chance(Swapped * hurry)
            ? new(NameUse.Usual, string.Join(' ', all), [family])
            : new(NameUse.Usual, family, all);
    }

    private string Slipped(string name, Origin origin, int hurry, double nickname)
    {
        if (population.Chance(Respelled) && origin.Respelled(name, _random) is { } other)
            return other;
        if (population.Chance(nickname) && name.Length > 4)
            return name[..(name.Length > 6 ? 4 : 3)];
        return population.Chance(Typo * hurry) ? Mistyped(name) : name;
    }

    private string Mistyped(string name)
    {
        var at = _random.Next(1, name.Length);
        var letter = "aeioutrnsl"[_random.Next(10)];
        return _random.Next(4) switch
        {
            0 => name[..at] + letter + name[(at + 1)..],
            1 => name[..at] + name[(at + 1)..],
            2 => name[..at] + letter + name[at..],
            _ => at + 1 < name.Length ? name[..at] + name[at + 1] + name[at] + name[(at + 2)..] : name[..at],
        };
    }

    private IReadOnlyList<PersonPostcode> Postcodes(Child child, CareSetting setting, List<string> strata)
    {
        if (setting == CareSetting.Ambulance)
            return [new(population.NewPostcode())];
        if (population.Chance(PostcodeMissing))
            return [];
        if (!population.Chance(PostcodeDiffers))
            return [new(child.Home.Postcode)];
        strata.Add("moved");
        return [new(population.Chance(0.3) ? child.Home.FormerPostcode : population.NewPostcode())];
    }

    private DateOnly Wrong(DateOnly date) =>
        _random.Next(4) switch
        {
            0 when date.Day <= 12 => new(date.Year, date.Day, date.Month),
            1 => date.AddDays(1),
            2 => new(date.Year, date.Month, Math.Clamp((date.Day + 10 - 1) % 28 + 1, 1, 28)),
            _ => date.AddYears(-1),
        };

    private static string Age(Child child, int days) =>
        days switch
        {
            < 28 => "newborn",
            < 365 * 5 => "0 to 4",
            < 365 * 10 => "5 to 9",
            < 365 * 16 => "10 to 15",
            _ => "16 and 17",
        };

    private string Age(Child child) => Age(child, today.DayNumber - child.Born.DayNumber);

    private static PersonTraits Mother(Child child) =>
        new()
        {
            Identifier = Known(child.Home.MotherNumber),
            Names = [new(NameUse.Usual, child.Home.MotherFamily, [child.Home.MotherGiven])],
        };

    private static PersonIdentifier.Known Known(string number) => new(NhsNumber.Parse(number));

    /// <summary>
    /// A child as a council has it: without slips, with the former postcode, at times with the number it had
    /// before a merge.
    /// </summary>
    public PersonTraits OnThePlan(Child child, out string? supersededBy)
    {
        supersededBy = population.Chance(SupersededNumber) ? population.NewNumber() : null;
        return new()
        {
            Identifier = population.Chance(0.05) ? new PersonIdentifier.Unknown() : Known(child.Number),
            Names =
            [
                new(NameUse.Usual, child.Family, child.Second is null ? [child.Given] : [child.Given, child.Second]),
            ],
            BirthDate = child.Born,
            Sex = child.Sex,
            Postcodes = population.Chance(0.5)
                ? [new(child.Home.Postcode), new(child.Home.FormerPostcode, Former: true)]
                : [new(child.Home.Postcode)],
            Phones = population.Chance(0.5) ? [child.Home.Phone] : [],
            Mother = population.Chance(0.7) ? Mother(child) : null,
        };
    }
}
