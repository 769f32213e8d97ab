using System.Diagnostics;
using Safeguarding.Matching.Domain.Encounters;

namespace Safeguarding.Matching.Domain.Decisions;

/// <summary>An encounter to be decided.</summary>
/// <param name="Encounter">Locked until the commit.</param>
/// <param name="Patient">Null where the retention window is over: then plans can only drop out of what was
/// decided.</param>
/// <param name="Trace">Whose doing it is.</param>
/// <param name="NewVersion">True where the encounter itself has news: then the decision is recorded even if nothing
/// changes.</param>
/// <param name="FirstHeardOf">True where the encounter was not held before: then nothing was decided of it yet.</param>
/// <param name="Because">Why it is decided again, for the ledger; null where the encounter or a plan has news.</param>
/// <param name="Undone">True where a reviewer took a decision back on which its match may rest.</param>
internal sealed record Question(
    Encounter Encounter,
    Patient? Patient,
    ActivityContext Trace,
    bool NewVersion,
    bool FirstHeardOf = false,
    string? Because = null,
    bool Undone = false
);
