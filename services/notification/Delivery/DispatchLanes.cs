using System.Collections.Concurrent;

namespace Safeguarding.Notification.Delivery;

/// <summary>The lanes of this process, one for each endpoint that it has called.</summary>
internal sealed class DispatchLanes(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, EndpointLane> _lanes = [];

    public EndpointLane Of(Guid subscriptionId) =>
        _lanes.GetOrAdd(subscriptionId, static (_, clock) => new EndpointLane(clock), clock);

    /// <summary>The lanes that cannot take a full width; every other one can.</summary>
    public List<LaneRoom> Busy(DateTimeOffset now) =>
        [.. _lanes.Select(lane => lane.Value.Room(lane.Key, now)).Where(lane => lane.Room < EndpointLane.Width)];
}
