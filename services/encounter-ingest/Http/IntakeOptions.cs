using System.ComponentModel.DataAnnotations;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>
/// How many requests may wait for their commit (<c>Intake__Capacity</c>), and for how long
/// (<c>Intake__WaitSeconds</c>).
/// </summary>
internal sealed class IntakeOptions
{
    internal const int LargestBody = 16 * 1024 * 1024;

    [Range(1, 100_000, ErrorMessage = "Intake__Capacity must be between 1 and 100000.")]
    public int Capacity { get; set; } = 2_000;

    [Range(1, 300, ErrorMessage = "Intake__WaitSeconds must be between 1 and 300.")]
    public int WaitSeconds { get; set; } = 20;

    /// <summary>Largest body, before and after decompression (<c>Intake__MaxBodyBytes</c>).</summary>
    [Range(1024, LargestBody, ErrorMessage = "Intake__MaxBodyBytes must be between 1024 and 16777216.")]
    public int MaxBodyBytes { get; set; } = 256 * 1024;
}
