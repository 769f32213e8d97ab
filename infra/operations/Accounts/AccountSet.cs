using Safeguarding.Messaging;

namespace Safeguarding.Operations.Accounts;

/// <summary>
/// What a service holds of one kind of thing that passes from service to service, so that two services' holdings can be
/// compared without either seeing the other's tables. Register one per kind as a singleton; <c>GET /ops/accounts</c>
/// answers from them.
/// </summary>
/// <param name="Name">The kind; the same in both services, such as <c>alerts</c>.</param>
/// <param name="Rows">
/// SELECT with the columns <c>id</c> (uuid of version 7: its time says which window it belongs to), <c>council</c>
/// (text, empty where it is of none), <c>version</c> (bigint), <c>stands</c> (boolean: false where it was taken back)
/// and <c>state</c> (text), for ids from <c>@low</c> to before <c>@high</c>. Two services agree on a thing where id,
/// council, version and stands are equal.
/// </param>
/// <param name="IdProperty">Property of the events that holds the id, such as <c>encounterId</c>.</param>
/// <param name="Events">The events that carry it: what waits in the outbox or is parked of them is on its way.</param>
public sealed record AccountSet(string Name, string Rows, string IdProperty, params Type[] Events)
{
    internal IReadOnlyList<string> WireNames { get; } = [.. Events.Select(EventCatalogue.WireName)];
}
