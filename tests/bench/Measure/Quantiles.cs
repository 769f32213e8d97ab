namespace Safeguarding.Bench.Measure;

/// <param name="P50">Milliseconds.</param>
/// <param name="P95">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal sealed record Quantiles(double P50, double P95, double P99)
{
    public static Quantiles? Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalMilliseconds).Order().ToArray();
        return sorted.Length == 0 ? null : new Quantiles(At(0.50), At(0.95), At(0.99));

        double At(double share) => Math.Round(sorted[(int)Math.Ceiling(share * sorted.Length) - 1], 2);
    }
}
