using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Safeguarding.Cli.Setup;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;
using Spectre.Console.Cli;

namespace Safeguarding.Bench.Lookup;

/// <summary>
/// The look-up in memory at the size of a register and beyond it: how long it takes to build, what it holds, and how
/// long one patient takes from traits to decision, in CPU time. Needs no running hub.
/// </summary>
internal sealed class LookupBench : AsyncCommand<LookupBench.Settings>
{
    private const int Asked = 20_000,
        Block = 8_192;
    private static readonly int[] Sizes = [150_000, 1_000_000, 10_000_000];

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var ring = Path.GetTempFileName();
        await File.WriteAllTextAsync(ring, KeyRings.New(), cancellationToken);
        var macs = new BlockMacs(Sealer.FromFile(ring));
        Console.WriteLine(
            $"{"children", 12} {"keys each", 9} {"build s", 8} {"bytes/child", 11} {"candidates", 10} {"p99", 5} {"crowded", 8} {"reached", 8} | µs p50/p99 {"make keys", 13} {"find", 13} {"rules", 13} {"decide", 13}"
        );
        foreach (var size in settings.Children is [] ? Sizes : settings.Children)
            await MeasureAsync(size, macs);
        File.Delete(ring);
        return 0;
    }

    private static async Task MeasureAsync(int size, BlockMacs macs)
    {
        using var index = new KeyIndex();
        var building = new Stopwatch();
        long keys = 0;
        for (var start = 0; start < size; start += Block)
        {
            // As they come from Postgres: made outside the clock.
            var rows = new (Guid Id, long[]? Keys)[Math.Min(Block, size - start)];
            var first = start;
            Parallel.For(0, rows.Length, i =>
                rows[i] = (ManyChildren.IdOf(first + i), macs.ForStoring(ManyChildren.Of(first + i)).All)
            );
            keys += rows.Sum(row => row.Keys!.LongLength);
            building.Start();
            index.Put(rows);
            building.Stop();
        }

        building.Start();
        await index.MergedAsync();
        building.Stop();
        Ask(index, macs, size, keys, building.Elapsed);
    }

    private static void Ask(KeyIndex index, BlockMacs macs, int size, long keys, TimeSpan built)
    {
        var random = new Random(20261125);
        var parameters = Parameters.Default with { Register = Parameters.Default.Register with { Size = size } };
        double[] make = new double[Asked],
            find = new double[Asked],
            rules = new double[Asked],
            decide = new double[Asked];
        var candidates = new int[Asked];
        int reached = 0,
            crowded = 0;
        // As many again go before, so that what is measured is compiled as in a service that has run for a while.
        for (var i = -Asked; i < Asked; i++)
        {
            var n = random.Next(size);
            var patient = ManyChildren.AsWritten(n);
            var began = ThreadCpu.Nanoseconds();
            var sought = macs.ForSearching(patient);
            var made = ThreadCpu.Nanoseconds();
            var (found, crowdedKeys) = index.Find(sought, BlockKeys.Crowd);
            var answered = ThreadCpu.Nanoseconds();
            // Made again outside the clock; the service reads them from Postgres in the same transaction.
            var persons = found.ConvertAll(id => ManyChildren.CandidateOf(ManyChildren.NumberOf(id)));
            var compared = ThreadCpu.Nanoseconds();
            Decide.From(patient, persons, parameters);
            var decided = ThreadCpu.Nanoseconds();
            if (i < 0)
                continue;
            make[i] = Microseconds(made - began);
            find[i] = Microseconds(answered - made);
            rules[i] = Microseconds(decided - compared);
            decide[i] = make[i] + find[i] + rules[i];
            candidates[i] = found.Count;
            crowded += crowdedKeys;
            reached += found.Contains(ManyChildren.IdOf(n)) ? 1 : 0;
        }

        Array.Sort(candidates);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{size, 12:N0} {(double)keys / size, 9:F1} {built.TotalSeconds, 8:F1} "
                    + $"{(double)index.Bytes / size, 11:F0} {candidates.Average(), 10:F1} {At(candidates, 0.99), 5} "
                    + $"{crowded / (double)Asked, 8:F2} {100.0 * reached / Asked, 7:F2}% |            "
                    + $"{Quantiles(make), 13} {Quantiles(find), 13} {Quantiles(rules), 13} "
                    + $"{Quantiles(decide), 13}"
            )
        );
    }

    private static string Quantiles(double[] all)
    {
        Array.Sort(all);
        return string.Create(CultureInfo.InvariantCulture, $"{At(all, 0.5):F1}/{At(all, 0.99):F1}");
    }

    private static double Microseconds(long nanoseconds) => nanoseconds / 1e3;

    private static T At<T>(T[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "[children]")]
        [Description("Sizes of the register; without them 150,000, 1 million and 10 million.")]
        public int[] Children { get; init; } = [];
    }
}
