using System.Globalization;

namespace Safeguarding.Hub.Tests;

/// <summary>
/// Thousands of lives of the hub, each from its seed. <c>HUB_SIMULATION_SEED</c> runs one again;
/// <c>HUB_SIMULATION_SEEDS</c> says how many are run (2,000 here, 100,000 a night).
/// </summary>
[Trait("Kind", "faults")]
public sealed class Simulation
{
    private const int SeedsEach = 2_000;

    [Fact]
    public void Whatever_drops_repeats_reorders_or_fails_every_event_has_its_effect_once()
    {
        var one = Setting("HUB_SIMULATION_SEED", -1);
        var (first, count) = one >= 0 ? (one, 1) : (0, Setting("HUB_SIMULATION_SEEDS", SeedsEach));
        var deaths = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var hub = new SimulatedHub(seed);
            var failure = Record.Exception(hub.Run);
            Assert.True(failure is null, $"HUB_SIMULATION_SEED={seed}: {failure?.Message}");
            deaths += hub.Deaths;
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"n = {count} seeds, {deaths} deaths: 0 lost, 0 repeated, 0 wrong"
        );
    }

    [Theory]
    [InlineData(nameof(Broken.ForgetsWhenSent))]
    [InlineData(nameof(Broken.AcknowledgementsBeforeCommit))]
    [InlineData(nameof(Broken.GivesUp))]
    [InlineData(nameof(Broken.StepsForgetTheAlert))]
    [InlineData(nameof(Broken.StepsBeforeWhatTheyMake))]
    public void It_notices_a_guarantee_that_is_broken_on_purpose(string broken)
    {
        var noticed = Enumerable
            .Range(0, 200)
            .Count(seed =>
                Record.Exception(new SimulatedHub(seed) { Breaks = Enum.Parse<Broken>(broken) }.Run)
                is InvariantBrokenException
            );

        Assert.True(noticed > 0, $"200 seeds did not notice {broken}");
        TestContext.Current.TestOutputHelper!.WriteLine($"{broken}: noticed by {noticed} of 200 seeds");
    }

    [Fact]
    public void Without_an_inbox_effects_are_still_not_repeated_because_versions_are_compared()
    {
        for (var seed = 0; seed < 200; seed++)
            new SimulatedHub(seed) { Breaks = Broken.NoInbox }.Run();
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set)
            ? set
            : otherwise;
}
