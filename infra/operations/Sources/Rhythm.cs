using Safeguarding.Hosting;

namespace Safeguarding.Operations.Sources;

/// <summary>
/// How a source usually sends, by hour and weekday in England, and so how strange a silence is. The arrivals of an hour
/// are taken as negative binomial about that hour's mean of the weeks observed, with one dispersion for the whole
/// source: a source that sends in bursts, or not at all in some weeks, is given more time than one that sends evenly.
/// </summary>
public sealed class Rhythm
{
    /// <summary>Weeks that are looked back at; longer ago is another season.</summary>
    public const int MostWeeks = 8;

    /// <summary>Until so many weeks are known nothing is strange.</summary>
    public const int FewestWeeks = 2;

    private const int HoursOfWeek = 7 * 24;
    private const double LeastDispersion = 0.1;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly double[] _means = new double[HoursOfWeek];
    private readonly double _perExpected;

    private Rhythm(Dictionary<int, List<double>> weeks)
    {
        double mean = 0,
            variance = 0;
        foreach (var (slot, arrivals) in weeks)
        {
            _means[slot] = arrivals.Average();
            mean += _means[slot];
            variance += arrivals.Sum(count => Math.Pow(count - _means[slot], 2)) / (arrivals.Count - 1);
        }

        var dispersion = mean == 0 ? 1 : Math.Max(LeastDispersion, variance / mean);
        Dispersion = dispersion;
        // -ln P(0) of a negative binomial with mean 1 and this ratio of variance to mean; the Poisson's 1 where the
        // ratio is 1.
        _perExpected = Math.Abs(dispersion - 1) < 1e-6 ? 1 : Math.Log(dispersion) / (dispersion - 1);
    }

    /// <summary>Learns from the hours that are over.</summary>
    /// <param name="since">When the source first sent something.</param>
    /// <param name="arrivals">What came in each hour (UTC, whole hours); an hour that is not named had none.</param>
    /// <param name="until">Hours from here on are not over.</param>
    /// <returns>Null while fewer than <see cref="FewestWeeks"/> are known.</returns>
    public static Rhythm? Learn(
        DateTimeOffset since,
        IReadOnlyDictionary<DateTimeOffset, int> arrivals,
        DateTimeOffset until
    )
    {
        var end = Floor(until);
        var weeks = Math.Min(MostWeeks, (int)((end - since) / TimeSpan.FromDays(7)));
        if (weeks < FewestWeeks)
            return null;
        var slots = new Dictionary<int, List<double>>();
        for (var hour = end - TimeSpan.FromDays(7 * weeks); hour < end; hour += Hour)
        {
            var slot = SlotOf(hour);
            if (!slots.TryGetValue(slot, out var counts))
                slots[slot] = counts = [];
            counts.Add(arrivals.GetValueOrDefault(hour));
        }

        // The hour that the clocks skip in spring is missing once; a single week of it says nothing of its spread.
        return new Rhythm(slots.Where(slot => slot.Value.Count > 1).ToDictionary());
    }

    /// <summary>
    /// Variance over mean of an hour's arrivals: 1 of a Poisson, more of a source that sends in
    /// bursts.
    /// </summary>
    public double Dispersion { get; }

    /// <summary>How many arrivals the source would usually have sent between two times.</summary>
    public double Expected(DateTimeOffset from, DateTimeOffset to)
    {
        double expected = 0;
        for (var hour = Floor(from); hour < to; hour += Hour)
        {
            var begin = hour < from ? from : hour;
            var end = hour + Hour > to ? to : hour + Hour;
            expected += _means[SlotOf(hour)] * ((end - begin) / Hour);
        }

        return expected;
    }

    /// <summary>The chance that the source sends nothing between two times although all is well with it.</summary>
    public double ChanceOfSilence(DateTimeOffset from, DateTimeOffset to) =>
        Math.Exp(-Expected(from, to) * _perExpected);

    /// <summary>
    /// The chance of so many arrivals or more where some are expected: negative binomial, the Poisson's where
    /// it is no wider.
    /// </summary>
    public static double ChanceOfAtLeast(int count, double expected, double dispersion)
    {
        // From one term to the next both distributions are a product; sizes follow from mean = size (dispersion - 1).
        var isPoisson = dispersion <= 1 + 1e-6;
        var size = isPoisson ? 0 : expected / (dispersion - 1);
        var term = isPoisson ? Math.Exp(-expected) : Math.Pow(dispersion, -size);
        var fewer = 0.0;
        for (var arrivals = 0; arrivals < count; arrivals++)
        {
            fewer += term;
            term *= isPoisson ? expected / (arrivals + 1) : (size + arrivals) / (arrivals + 1) * (1 - (1 / dispersion));
        }

        return Math.Max(0, 1 - fewer);
    }

    internal static DateTimeOffset Floor(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % Hour.Ticks), TimeSpan.Zero);

    private static int SlotOf(DateTimeOffset hour)
    {
        var local = UkTime.Local(hour);
        return ((int)local.DayOfWeek * 24) + local.Hour;
    }
}
