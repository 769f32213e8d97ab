using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Rules;

namespace Safeguarding.Bench.Lookup;

/// <summary>
/// The look-up in memory at the size of a register and beyond it: how long it takes to build, what it holds, and how long one patient takes
/// from traits to decision, in CPU time. Needs no running hub.
/// </summary>
internal static class LookupBench
{
    private const int Asked = 20_000, Block = 8_192;
    private static readonly int[] Sizes = [150_000, 1_000_000, 10_000_000];

    public const string Usage = "lookup [children …]   build and ask the look-up in memory (default: 150000 1000000 10000000)";

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        Console.WriteLine($"{"children",12} {"keys each",9} {"build s",8} {"bytes/child",11} {"candidates",10} {"p99",5} {"crowded",8} {"find µs p50",11} {"p99",7} {"decide µs p50",13} {"p99",7} {"reached",8}");
        foreach (var size in args.Count == 0 ? Sizes : args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)))
            await MeasureAsync(size);
        return 0;
    }

    private static async Task MeasureAsync(int size)
    {
        using var index = new KeyIndex();
        var building = new Stopwatch();
        long keys = 0;
        for (var start = 0; start < size; start += Block)
        {
            // As they come from Postgres: made outside the clock.
            var rows = new (Guid Id, long[]? Keys)[Math.Min(Block, size - start)];
            var first = start;
            Parallel.For(0, rows.Length, i => rows[i] = (ManyChildren.IdOf(first + i), Hashed(BlockKeys.ForStoring(ManyChildren.Of(first + i)))));
            keys += rows.Sum(row => row.Keys!.LongLength);
            building.Start();
            index.Put(rows);
            building.Stop();
        }

        building.Start();
        await index.MergedAsync();
        building.Stop();
        Ask(index, size, keys, building.Elapsed);
    }

    private static void Ask(KeyIndex index, int size, long keys, TimeSpan built)
    {
        var random = new Random(20261125);
        var parameters = Parameters.Default;
        var macKey = RandomNumberGenerator.GetBytes(32);
        double[] find = new double[Asked], decide = new double[Asked];
        var candidates = new int[Asked];
        int reached = 0, crowded = 0;
        var mac = new byte[32];
        for (var i = -2_000; i < Asked; i++)
        {
            var n = random.Next(size);
            var patient = ManyChildren.AsWritten(n);
            var began = ThreadCpu.Nanoseconds();
            var sought = BlockKeys.ForSearching(patient);
            foreach (var key in sought)
                HMACSHA256.HashData(macKey, Encoding.UTF8.GetBytes(key.Text), mac);
            var made = ThreadCpu.Nanoseconds();
            var hashes = Hashed(sought);
            var asked = ThreadCpu.Nanoseconds();
            var (found, crowdedKeys) = index.Find(hashes, Candidates.Crowd);
            var answered = ThreadCpu.Nanoseconds();
            // Made again outside the clock; the service reads them from Postgres in the same transaction.
            var persons = found.ConvertAll(id => ManyChildren.CandidateOf(ManyChildren.NumberOf(id)));
            var compared = ThreadCpu.Nanoseconds();
            Decide.From(patient, persons, parameters);
            var decided = ThreadCpu.Nanoseconds();
            if (i < 0)
                continue;
            find[i] = Microseconds(answered - asked);
            decide[i] = Microseconds(made - began + answered - asked + decided - compared);
            candidates[i] = found.Count;
            crowded += crowdedKeys;
            reached += found.Contains(ManyChildren.IdOf(n)) ? 1 : 0;
        }

        Array.Sort(find);
        Array.Sort(decide);
        Array.Sort(candidates);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{size,12:N0} {(double)keys / size,9:F1} {built.TotalSeconds,8:F1} {(double)index.Bytes / size,11:F0} {candidates.Average(),10:F1} {At(candidates, 0.99),5} {crowded / (double)Asked,8:F2} {At(find, 0.5),11:F1} {At(find, 0.99),7:F1} {At(decide, 0.5),13:F1} {At(decide, 0.99),7:F1} {100.0 * reached / Asked,7:F2}%"));
    }

    // Stands in for the stored MACs, which cost a keyed hash each to make and nothing to read; the patient's are made inside the clock.
    private static long[] Hashed(IReadOnlyCollection<BlockKey> keys) =>
        [.. keys.Select(key => Hash(key)).Distinct()];

    // FNV-1a, finished as in SplitMix64.
    private static long Hash(BlockKey key)
    {
        var hash = 14695981039346656037UL ^ (ulong)key.Kind;
        foreach (var letter in key.Text)
            hash = (hash ^ letter) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return (long)(hash ^ (hash >> 31));
    }

    private static double Microseconds(long nanoseconds) => nanoseconds / 1e3;

    private static T At<T>(T[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
}
