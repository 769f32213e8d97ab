using Safeguarding.Hosting.Audit;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Delivery.Channels.Webhook;

/// <summary>
/// A CloudEvent 1.0 in structured JSON, in the order in which it is written. The schemas of <c>GET /events/{type}</c>
/// are made from it.
/// </summary>
/// <param name="Specversion">1.0.</param>
/// <param name="Id">The same on every channel.</param>
/// <param name="Source">The hub's notification service.</param>
/// <param name="Type">One of the catalogue.</param>
/// <param name="Time">When the news was made; of a restricted child the day.</param>
/// <param name="Subject">The alert that it is about.</param>
/// <param name="Dataref">Where that is read.</param>
/// <param name="Datacontenttype">application/json.</param>
/// <param name="Synthetic">True in a test event, and only there: nobody was seen anywhere.</param>
/// <param name="Data">What it says.</param>
internal sealed record CloudEvent<TData>(
    string Specversion,
    string Id,
    string Source,
    string Type,
    DateTimeOffset Time,
    Guid? Subject,
    string? Dataref,
    string Datacontenttype,
    bool? Synthetic,
    TData Data
);

/// <summary>Another endpoint of the council fails, or answers again.</summary>
internal sealed record EndpointSignal(
    string CouncilCode,
    string Subscription,
    DateTimeOffset FailingSince,
    AttemptOutcome? Outcome
);

/// <summary>A question for the council's people; nothing of whom or where is in it.</summary>
internal sealed record ReviewSignal(
    Guid ReviewId,
    string CouncilCode,
    long Version,
    DateTimeOffset RaisedAt,
    DateTimeOffset DueAt
);

/// <summary>Neither which child nor which other council: that is read, and each reading is audited.</summary>
internal sealed record RegistrationSignal(Guid RegistrationId, string CouncilCode, DateTimeOffset RegisteredAt);

/// <summary>Whether the council may see where a child is whom another has restricted.</summary>
internal sealed record PlaceAgreementSignal(Guid RegistrationId, string CouncilCode, bool Agreed);

/// <summary>Neither who nor where: that is read with the council's own token.</summary>
internal sealed record LookupSignal(Guid LookupId, string CouncilCode);

/// <summary>Neither who nor which child: the privacy officer reads that at plan-registry.</summary>
internal sealed record BreakGlassSignal(Guid UseId, string Organisation);

/// <summary>
/// A signed root of a service's audit (<see cref="RootForOrganisation"/>), with the proof of the council's own chain.
/// </summary>
internal sealed record AuditRootSignal(
    string CouncilCode,
    string Service,
    long Number,
    DateTimeOffset At,
    string Root,
    string Previous,
    string SignedText,
    string Signature,
    OwnChain? Chain
);

/// <summary>A test.</summary>
internal sealed record TestSignal(string CouncilCode);
