using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Notification.Delivery.Channels;

namespace Safeguarding.Notification.Api.Events;

/// <summary>The types of events that councils are sent. For everybody, as the OpenAPI document is.</summary>
internal static class ListEvents
{
    internal static Ok<List<ListEventsEntry>> Handle() =>
        TypedResults.Ok(
            EventCatalogue.All.Select(kind => new ListEventsEntry(kind.Type, kind.Version, kind.Description)).ToList()
        );
}

/// <param name="Type">For <c>GET /events/{type}</c>, for a subscription's <c>types</c>, and for a test event.</param>
/// <param name="Version">Which version of the type.</param>
/// <param name="Description">What it says.</param>
internal sealed record ListEventsEntry(string Type, int Version, string Description);
