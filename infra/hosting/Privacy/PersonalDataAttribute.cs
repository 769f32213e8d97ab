using Microsoft.Extensions.Compliance.Classification;

namespace Safeguarding.Hosting.Privacy;

/// <summary>
/// Classifies a log parameter or property as personal data: it is erased before any log sink sees it. A second fence;
/// the first is not to hand it to a logger.
/// </summary>
public sealed class PersonalDataAttribute() : DataClassificationAttribute(Classification)
{
    /// <summary>The classification.</summary>
    public static new DataClassification Classification { get; } = new("Safeguarding", "PersonalData");
}
