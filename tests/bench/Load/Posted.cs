using System.Diagnostics;

namespace Safeguarding.Bench.Load;

/// <summary>What became of each posted encounter, by its index. Times are Stopwatch ticks.</summary>
internal sealed class Posted(int capacity)
{
    private readonly Lock _growing = new();
    private One[] _all = new One[capacity];
    private int _count;

    public record struct One(long Began, long Answered, int Status, Guid EncounterId);

    public int Count => _count;

    public IEnumerable<One> All => _all.Take(_count);

    public int Accepted => All.Count(one => one.Status is 200 or 201);

    public long FirstBegan => All.Min(one => one.Began);

    public long LastAnswered => All.Max(one => one.Answered);

    public void Add(int index, One one)
    {
        lock (_growing)
        {
            if (index >= _all.Length)
                Array.Resize(ref _all, Math.Max(index + 1, _all.Length * 2));
            _all[index] = one;
            _count = Math.Max(_count, index + 1);
        }
    }

    public IEnumerable<TimeSpan> Latencies =>
        All.Where(one => one.Status is 200 or 201).Select(one => Stopwatch.GetElapsedTime(one.Began, one.Answered));

    public string StatusCounts =>
        string.Join(
            ", ",
            All.GroupBy(one => one.Status).OrderBy(group => group.Key).Select(group => $"{group.Count()} x {group.Key}")
        );
}
