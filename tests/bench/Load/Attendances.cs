using Safeguarding.Demo.People;

namespace Safeguarding.Bench.Load;

/// <summary>The encounters of one run: which children they are about, and how many of those are on a plan.</summary>
internal sealed class Attendances(string run, int plans, double hitPercent, TimeProvider clock)
{
    private const string Trust = "RZ1";
    private const string Site = "RZ101";

    // Spread evenly, so that every stretch of a run has its share of hits.
    public bool IsHit(int index) => Math.Floor((index + 1) * hitPercent / 100) > Math.Floor(index * hitPercent / 100);

    public int HitsAmong(int count) => (int)Math.Floor(count * hitPercent / 100);

    public byte[] Body(int index)
    {
        // A large odd step walks through all the children without a pattern; those behind the plans are on none.
        var child = IsHit(index)
            ? (int)(index * 48_271L % plans)
            : plans + (int)(index * 48_271L % (SyntheticPeople.Count - plans));
        return new SyntheticEncounter($"{run}-{index}", Trust, Site, clock.GetUtcNow().AddMinutes(-2)).Of(
            SyntheticPeople.Child(child)
        );
    }
}
