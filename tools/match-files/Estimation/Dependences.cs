using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles.Estimation;

/// <summary>
/// Finds traits that agree between strangers because another one does: a town comes with its postcode, a surname with
/// its street. Added up as if independent they would make a neighbour look like the same person.
/// </summary>
/// <remarks>
/// For each trait that people of one home or area share, pairs that agree on it are drawn; those that are one person's
/// by given name, birth date, sex and number (which neighbours do not share) are weighed out; what is left shows how
/// often the other traits agree then.
/// </remarks>
internal sealed class Dependences(IReadOnlyList<Person> persons, Parameters parameters)
{
    private const int Pairs = 6_000;
    private const int FewestPairs = 30;
    private const double Notable = 2;
    private const double FewestStrangers = 0.2;
    private const int Rounds = 12;
    private const double Remembered = 5;
    private static readonly string[] Personal = ["givenName", "birthDate", "sex", "identifier"];

    private readonly List<Observation> _seen = [];

    public Parameters Found(int seed)
    {
        var shared = parameters
            .Traits.Keys.Where(trait =>
                trait.Contains('.', StringComparison.Ordinal) || trait is "familyName" or "postcode" or "phone"
            )
            .OrderBy(trait => parameters.Traits[trait].Levels[0].U)
            .ThenBy(trait => trait, StringComparer.Ordinal)
            .ToList();
        var drawn = shared.ToDictionary(trait => trait, trait => Draw(trait, new Random(seed)));
        var traits = new Dictionary<string, TraitLevels>(parameters.Traits);
        for (var i = 0; i < shared.Count; i++)
        {
            var free = parameters.Traits[shared[i]].Levels[0].U;
            (string On, double[] U)? strongest = null;
            // Only a rarer agreement explains a commoner one, so that no two explain each other.
            foreach (var on in shared.Take(i))
            {
                if (
                    drawn[on]?.GetValueOrDefault(shared[i]) is { } u
                    && u[0] > Notable * free
                    && !(u[0] <= strongest?.U[0])
                )
                {
                    strongest = (on, u);
                }
            }

            traits[shared[i]] = traits[shared[i]] with
            {
                Given = strongest is { } found ? new Dependence(found.On, found.U) : null,
            };
        }

        return parameters with
        {
            Traits = traits,
        };
    }

    private Dictionary<string, double[]>? Draw(string trait, Random random)
    {
        var groups = Enumerable
            .Range(0, persons.Count)
            .Select(i => (Row: i, Value: ValueOf(persons[i], trait)))
            .Where(row => row.Value is not null)
            .GroupBy(row => row.Value, row => row.Row)
            .Where(group => group.Count() > 1)
            .Select(group => group.ToArray())
            .ToList();
        if (groups.Count == 0)
            return null;
        var rows = groups.SelectMany(group => group.Select(row => (Row: row, Group: group))).ToArray();
        var pairs = new List<Observation[]>();
        for (var i = 0; i < Pairs; i++)
        {
            var (row, group) = rows[random.Next(rows.Length)];
            var other = group[random.Next(group.Length)];
            if (other == row)
                continue;
            Compare.Persons(persons[row], persons[other], parameters, _seen);
            if (_seen.Exists(observation => observation.Trait is not "sex" && Personal.Contains(observation.Trait)))
                pairs.Add([.. _seen]);
        }

        var strangers = Strangers(pairs);
        // Where nearly all that agree are one person, agreement is no neighbour's, and what is left over is that
        // person's slips.
        if (strangers.Sum() < Math.Max(FewestPairs, FewestStrangers * pairs.Count))
            return null;
        var sums = parameters.Traits.ToDictionary(other => other.Key, other => new double[other.Value.Levels.Count]);
        for (var i = 0; i < pairs.Count; i++)
        {
            foreach (var observation in pairs[i])
            {
                sums[observation.Trait][parameters.Traits[observation.Trait].IndexOf(observation.Level)] += strangers[
                    i
                ];
            }
        }

        return sums.ToDictionary(other => other.Key, other => Smoothed(other.Key, other.Value));
    }

    // How surely each pair is two people, by what only one person has. What strangers show is known; how far one
    // person's records differ is not, and is estimated along with the share of strangers.
    private double[] Strangers(List<Observation[]> pairs)
    {
        var m = Personal.ToDictionary(
            trait => trait,
            trait => parameters.Traits[trait].Levels.Select(level => level.M).ToArray()
        );
        var strangers = new double[pairs.Count];
        var share = 0.5;
        for (var round = 0; round < Rounds; round++)
        {
            var counts = m.ToDictionary(
                trait => trait.Key,
                trait => trait.Value.Select(start => start * Remembered).ToArray()
            );
            for (var i = 0; i < pairs.Count; i++)
            {
                var odds = (1 - share) / share;
                foreach (var observation in pairs[i].Where(observation => m.ContainsKey(observation.Trait)))
                {
                    var level = parameters.Traits[observation.Trait].IndexOf(observation.Level);
                    odds *=
                        m[observation.Trait][level]
                        / (observation.Frequency ?? parameters.Traits[observation.Trait].Levels[level].U);
                }

                strangers[i] = 1 / (1 + odds);
                foreach (var observation in pairs[i].Where(observation => m.ContainsKey(observation.Trait)))
                {
                    counts[observation.Trait][parameters.Traits[observation.Trait].IndexOf(observation.Level)] +=
                        1 - strangers[i];
                }
            }

            share = Math.Clamp(strangers.Sum() / Math.Max(pairs.Count, 1), 0.001, 0.999);
            foreach (var (trait, seen) in counts)
            {
                var total = seen.Sum();
                m[trait] = [.. seen.Select(count => count / total)];
            }
        }

        return strangers;
    }

    private double[] Smoothed(string trait, double[] sums)
    {
        var levels = parameters.Traits[trait].Levels;
        var total = sums.Sum();
        return [.. sums.Select((sum, i) => (sum + levels[i].U) / (total + 1))];
    }

    private static string? ValueOf(Person person, string trait) =>
        trait switch
        {
            "familyName" => person.Names is [var name, ..] && !name.Family.IsEmpty ? name.Family.Joined : null,
            "postcode" => person.Postcodes is [var postcode, ..] ? postcode.Text : null,
            "phone" => person.Phones is [var phone, ..] ? phone : null,
            _ => person.Further.FirstOrDefault(further => further.Trait == trait)?.Text,
        };
}
