using System.ComponentModel.DataAnnotations;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The section <c>Uploads</c>.</summary>
internal sealed class UploadOptions
{
    /// <summary>
    /// How many uploads of one council come in at once, at one replica. If it were one, a dead connection would keep
    /// its own repeat out.
    /// </summary>
    [Range(1, 100)]
    public int PerCouncil { get; init; } = 3;
}
