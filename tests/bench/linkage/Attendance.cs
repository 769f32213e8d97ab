using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.Bench.Linkage;

/// <summary>A child at a door of unscheduled care, as written there.</summary>
/// <param name="Child">Who it truly is.</param>
/// <param name="Written">What the trust wrote.</param>
/// <param name="Setting">Which door.</param>
/// <param name="Strata">What makes it hard, and which groups it counts for.</param>
internal sealed record Attendance(Child Child, PersonTraits Written, CareSetting Setting, IReadOnlyList<string> Strata);
