namespace Safeguarding.Contracts.Plans;

/// <summary>
/// A person looked a child up without a purpose that the rules know. The organisation's privacy officer is notified,
/// and judges it. It says neither who nor which child. Sent by plan-registry; notification listens.
/// </summary>
/// <remarks>Source: privacy officer alerts of the Summary Care Record, which name nobody either.</remarks>
/// <param name="UseId">The use; the privacy officer reads it at plan-registry's <c>GET /break-glass</c>.</param>
/// <param name="Organisation">ODS, GSS or force code of the organisation for which the person acts.</param>
/// <param name="At">When it began.</param>
[Event("plan-registry", "notification")]
public sealed record BreakGlassUsed(Guid UseId, string Organisation, DateTimeOffset At);
