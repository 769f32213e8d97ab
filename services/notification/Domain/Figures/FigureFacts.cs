using Safeguarding.Contracts.Encounters;
using Safeguarding.Notification.Domain.Alerts;

namespace Safeguarding.Notification.Domain.Figures;

/// <summary>What figures need of one alert: nothing of the child.</summary>
/// <param name="RaisedAt">When it was raised first.</param>
/// <param name="Grade">By the council's rules.</param>
/// <param name="State">Where it stands.</param>
/// <param name="OpenedAt">When it was raised or reopened last.</param>
/// <param name="OverdueAt">When it was to be settled.</param>
/// <param name="SettledAt">When it was acknowledged or refused.</param>
/// <param name="Refused">Why it was refused.</param>
/// <param name="Certainty">How likely the patient is the child.</param>
/// <param name="Setting">Where the child was seen; null where that may not be shown.</param>
internal sealed record FigureFacts(
    DateTimeOffset RaisedAt,
    AlertGrade Grade,
    AlertState State,
    DateTimeOffset? OpenedAt,
    DateTimeOffset? OverdueAt,
    DateTimeOffset? SettledAt,
    RefusalReason? Refused,
    double Certainty,
    CareSetting? Setting
);
