using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;
using Safeguarding.Contracts.Persons;
using Safeguarding.MatchFiles.Estimation;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;
using Spectre.Console.Cli;

namespace Safeguarding.Bench.Linkage;

/// <summary>
/// The UK children benchmark: a synthetic register and 100,000 attendances, of which many more than in life are of
/// registered children and of their brothers and sisters. <c>bench linkage [attendances] [register] [seed] [file of
/// true pairs]</c>, or
/// strangers alone, as many of each name-origin group: <c>bench linkage --strangers-per-group N [register] [seed]</c>.
/// </summary>
internal sealed class LinkageBench : Command<LinkageBench.Settings>
{
    private const int Stream = 100_000;
    private const double OfRegistered = 0.4,
        OfSiblings = 0.25;
    private static readonly DateOnly Today = new(2026, 11, 1);

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var text = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var (attendances, size, seed) = (settings.Attendances, settings.Register, settings.Seed);
        var population = new Population(new Random(seed), Today);
        var writing = new Writing(population, Today);
        var register = Register.Of(size, 0.015, population, writing, Today);
        using var index = new RegisterIndex(register.Candidates);
        text.WriteLine($"register: {register.Candidates.Count:N0} plans; {attendances:N0} attendances; seed {seed}");
        if (settings.OnlyStrangers)
        {
            var learned = WithFrequencies(population, writing, Stream, register.Candidates.Count);
            StrangersBench.Run(text, attendances, register, index, population, writing, learned);
            return 0;
        }

        var queries = Enumerable
            .Range(0, attendances)
            .Select(i => writing.Of(Attender(i, register, population)))
            .ToList();
        var parameters = WithFrequencies(population, writing, Stream, register.Candidates.Count);
        var registered = register.Children.Select(child => child.Id).ToHashSet();
        var results = queries.AsParallel().AsOrdered().Select(query => Answer.Of(query, index, parameters)).ToList();

        if (settings.TruePairs is { } file)
            TruePairs.Write(file, results, register, registered);
        Strata(text, results, register, registered);
        Mistaken(text, results, register);
        Asked(text, results);
        Traced(text, results, index, parameters, register, registered, new(seed));
        Compared(text, results, register, registered);
        Calibrated(text, results, register, registered);
        Times(text, results);
        UnbornBench.Run(text, register, index, population, parameters);
        KindsBench.Run(text, register, index, population, parameters, Math.Max(attendances / 14, 10));
        return 0;
    }

    private static Child Attender(int i, Register register, Population population)
    {
        var random = population.Random;
        var kind = random.NextDouble();
        if (kind < OfRegistered)
            return register.Children[random.Next(register.Children.Count)];
        if (kind < OfRegistered + OfSiblings)
            return register.Siblings[random.Next(register.Siblings.Count)];
        var home = population.NewHome();
        return home.Children[i % home.Children.Count];
    }

    // What comes with the rules, raised by the stream of encounters as in the service: by earlier attenders, never by
    // the register.
    private static Parameters WithFrequencies(Population population, Writing writing, int attenders, int size)
    {
        var counts = new NameCounts();
        for (var i = 0; i < attenders; i++)
        {
            var home = population.NewHome();
            counts.Count(Person.From(writing.Of(home.Children[i % home.Children.Count]).Written));
        }

        var defaults = Parameters.Default;
        return defaults with
        {
            Register = defaults.Register with { Size = size },
            Population = defaults.Population.RaisedBy(counts.Learned("bench")),
        };
    }

    private static void Strata(TextWriter text, List<Answer> results, Register register, HashSet<int> registered)
    {
        var tallies = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        foreach (var result in results)
        {
            var verdict = result.Judged(register);
            foreach (var stratum in result.Query.Strata.Prepend(" all"))
            {
                if (!tallies.TryGetValue(stratum, out var tally))
                    tallies[stratum] = tally = new();
                tally.Count(registered.Contains(result.Query.Child.Id), verdict);
            }
        }

        text.WriteLine();
        text.WriteLine(Tally.Heading);
        foreach (var (stratum, tally) in tallies)
            text.WriteLine(tally.Row(stratum));
        OriginGap.Print(
            text,
            "recall (match + review), %",
            Origin.All.Select(origin =>
                (origin.Name, tallies[origin.Name].Recognised, tallies[origin.Name].Registered)
            ),
            100
        );
        OriginGap.Print(
            text,
            "recall without a review, %",
            Origin.All.Select(origin => (origin.Name, tallies[origin.Name].Found, tallies[origin.Name].Registered)),
            100
        );
        OriginGap.Print(
            text,
            "automatic matches to a stranger, per 100,000 attendances",
            Origin.All.Select(origin => (origin.Name, tallies[origin.Name].FalseStranger, tallies[origin.Name].All)),
            100_000
        );
        var all = tallies[" all"];
        text.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"per 100,000 attendances: {100_000.0 * all.FalseSibling / all.All:F1} automatic matches to a "
                    + $"sibling, {100_000.0 * all.FalseStranger / all.All:F1} to a stranger"
            )
        );
        text.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"per 1,000 attendances: {all.ReviewsPerThousand:F1} reviews")
        );
    }

    private static void Mistaken(TextWriter text, List<Answer> results, Register register)
    {
        foreach (
            var result in results.Where(result =>
                result.Judged(register) is { MatchedSibling: true } or { MatchedStranger: true }
            )
        )
        {
            var person = result.Decision.Persons.First(person => person.Outcome is MatchOutcome.Matched);
            text.WriteLine(
                $"mistaken: {string.Join(", ", result.Query.Strata)}; {person.Plans.Count} plans; "
                    + string.Join(", ", person.Outcome.Evidence.Traits.Select(trait => $"{trait.Trait} {trait.Level}"))
            );
            // Which plans were taken for one person, and why.
            var plans = result.Candidates.Where(plan => person.Plans.Any(own => own.PlanId == plan.PlanId)).ToList();
            for (var i = 0; i < plans.Count; i++)
            {
                for (var j = i + 1; j < plans.Count; j++)
                {
                    text.WriteLine(
                        string.Create(CultureInfo.InvariantCulture, $"    plan {i} beside plan {j}: ")
                            + string.Join(
                                ", ",
                                Decide
                                    .From(plans[i].Person, [plans[j]], Parameters.Default)
                                    .Persons.SelectMany(pair => pair.Outcome.Evidence.Traits)
                                    .Select(trait => $"{trait.Trait} {trait.Level}")
                            )
                    );
                }
            }
        }
    }

    // What each rule that asks costs: all attendances that it asks about, and those that nothing else does.
    private static void Asked(TextWriter text, List<Answer> results)
    {
        text.WriteLine();
        text.WriteLine("per 1,000 attendances, asked for a reason, and for it alone:");
        var asked = results
            .Select(result =>
                result
                    .Decision.Persons.Select(person => person.Outcome)
                    .OfType<MatchOutcome.NeedsReview>()
                    .SelectMany(review => review.Reasons)
                    .ToHashSet()
            )
            .ToList();
        foreach (var reason in Enum.GetValues<ReviewReason>())
        {
            var all = asked.Count(reasons => reasons.Contains(reason));
            var alone = asked.Count(reasons => reasons.Count == 1 && reasons.Contains(reason));
            text.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{reason, -32} {1000.0 * all / asked.Count, 8:F2} {1000.0 * alone / asked.Count, 8:F2}"
                )
            );
        }
    }

    // The same attendances, had trusts stated how far each number was traced: as the parameters assume of a child's own
    // numbers and of other people's, so this shows what stating it is worth, and not whether those shares are true.
    private static void Traced(
        TextWriter text,
        List<Answer> results,
        RegisterIndex index,
        Parameters parameters,
        Register register,
        HashSet<int> registered,
        Random random
    )
    {
        text.WriteLine();
        text.WriteLine("the same attendances, the status of the number stated:");
        text.WriteLine(Tally.Heading);
        var stated = results
            .Select(result => result.Query)
            .Select(query => query with { Written = query.Written with { NumberStatus = StatusOf(query, random) } })
            .ToList();
        var verdicts = stated
            .AsParallel()
            .AsOrdered()
            .Select(query => Answer.Of(query, index, parameters).Judged(register))
            .ToList();
        foreach (
            var (name, counts) in new (string, Func<Attendance, bool>)[]
            {
                ("all", _ => true),
                ("with number", query => query.Strata.Contains("with number")),
                ("twins", query => query.Strata.Contains("twins")),
                ("wrong valid number", query => query.Strata.Contains("wrong valid number")),
                ("verified", query => query.Written.NumberStatus == NhsNumberStatus.Verified),
                ("not traced", query => query.Written.NumberStatus == NhsNumberStatus.NotTraced),
                ("in conflict", query => query.Written.NumberStatus == NhsNumberStatus.Conflict),
            }
        )
        {
            var (with, without) = (new Tally(), new Tally());
            for (var i = 0; i < stated.Count; i++)
            {
                if (!counts(stated[i]))
                    continue;
                var isRegistered = registered.Contains(stated[i].Child.Id);
                with.Count(isRegistered, verdicts[i]);
                without.Count(isRegistered, results[i].Judged(register));
            }

            text.WriteLine(with.Row(name));
            text.WriteLine(without.Row("  the same, not stated"));
        }
    }

    private static NhsNumberStatus? StatusOf(Attendance attendance, Random random)
    {
        if (attendance.Written.Identifier.NhsNumber is not { } number)
            return null;
        var (verified, traced) = number.Reveal() == attendance.Child.Number ? (0.95, 0.995) : (0.1, 0.7);
        return random.NextDouble() switch
        {
            var drawn when drawn < verified => NhsNumberStatus.Verified,
            var drawn when drawn < traced => NhsNumberStatus.NotTraced,
            _ => NhsNumberStatus.Conflict,
        };
    }

    private static void Compared(TextWriter text, List<Answer> results, Register register, HashSet<int> registered)
    {
        text.WriteLine();
        text.WriteLine("beside it, on the same attendances:");
        text.WriteLine(Tally.Heading);
        foreach (
            var (name, way) in new (string, Func<Person, IReadOnlyList<Candidate>, IReadOnlyList<Candidate>>)[]
            {
                ("number equality", Baselines.NumberEquality),
                ("MPS-like cascade", Baselines.MpsLike),
                ("PDS-fuzzy-like search", Baselines.PdsFuzzyLike),
            }
        )
        {
            foreach (var with in new[] { "with number", "without number" })
            {
                var tally = new Tally();
                foreach (var result in results.Where(result => result.Query.Strata.Contains(with)))
                {
                    var matched = way(result.Patient, result.Candidates);
                    tally.Count(
                        registered.Contains(result.Query.Child.Id),
                        Answer.VerdictOf(result.Query.Child, matched.Select(plan => plan.PlanId), [], register)
                    );
                }

                text.WriteLine(tally.Row($"{name}, {with}"));
            }
        }
    }

    private static void Calibrated(TextWriter text, List<Answer> results, Register register, HashSet<int> registered)
    {
        var calibration = new Calibration();
        double truths = 0;
        foreach (var result in results)
        {
            var isRegistered = registered.Contains(result.Query.Child.Id);
            var isSibling = !isRegistered && register.ChildIsSibling(result.Query.Child);
            var weight =
                isRegistered ? 0.02 / OfRegistered
                : isSibling ? 0.02 / OfSiblings
                : 0.96 / (1 - OfRegistered - OfSiblings);
            truths += isRegistered ? weight : 0;
            foreach (var person in result.Decision.Persons)
            {
                calibration.Add(
                    person.Outcome.Evidence.Posterior,
                    person.Plans.Any(plan => register.ChildOf(plan.PlanId) == result.Query.Child),
                    weight
                );
            }
        }

        text.WriteLine();
        text.WriteLine("calibration, weighed to one attender in fifty on the register and one in fifty a sibling:");
        calibration.Print(text, truths);
    }

    private static void Times(TextWriter text, List<Answer> results)
    {
        var times = results.Select(result => result.Micros).Order().ToList();
        text.WriteLine();
        text.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"look-up and decision: p50 {times[times.Count / 2]:F0} µs, p99 {times[times.Count * 99 / 100]:F0} "
                    + $"µs; {results.Average(result => result.Candidates.Count):F1} candidates on average"
            )
        );
    }

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "[attendances]")]
        [Description("How many; with --strangers-per-group, of each name-origin group.")]
        [DefaultValue(100_000)]
        public int Attendances { get; init; }

        [CommandArgument(1, "[register]")]
        [Description("How many children are on it.")]
        [DefaultValue(150_000)]
        public int Register { get; init; }

        [CommandArgument(2, "[seed]")]
        [DefaultValue(20261122)]
        public int Seed { get; init; }

        [CommandArgument(3, "[file]")]
        [Description("Gets a line for each child on the register, to compare runs.")]
        public string? TruePairs { get; init; }

        [CommandOption("--strangers-per-group")]
        [Description("False matches, as many attendances for each group.")]
        public bool OnlyStrangers { get; init; }
    }
}
