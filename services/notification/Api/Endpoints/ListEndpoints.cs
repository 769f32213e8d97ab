using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Endpoints;

/// <summary>Every council's endpoints for the people who run the hub, those that fail first.</summary>
internal static class ListEndpoints
{
    internal static async Task<Ok<List<EndpointView>>> Handle(
        NotificationDb db,
        CancellationToken cancellationToken,
        string? council = null
    )
    {
        var subscriptions = await db
            .Subscriptions.AsNoTracking()
            .Where(subscription => council == null || subscription.CouncilCode == council)
            .OrderBy(subscription => subscription.FailingSince == null)
            .ThenBy(subscription => subscription.CouncilCode)
            .ThenBy(subscription => subscription.Name)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(subscriptions.ConvertAll(EndpointView.Of));
    }
}

/// <summary>An endpoint without what its address may hold of credentials or of a person.</summary>
/// <param name="SubscriptionId">The hub's id, as in deliveries.</param>
/// <param name="CouncilCode">Whose.</param>
/// <param name="Name">The council's name for it.</param>
/// <param name="Channel">Which channel.</param>
/// <param name="Host">Host and port, where the channel posts to one.</param>
/// <param name="Enabled">False while the council has switched it off.</param>
/// <param name="FailingSince">Since when it fails; null while it answers.</param>
/// <param name="FailingOutcome">How it began to fail.</param>
/// <param name="PrivateNetworks">Opened for this endpoint by an operator.</param>
internal sealed record EndpointView(
    Guid SubscriptionId,
    string CouncilCode,
    string Name,
    string Channel,
    string? Host,
    bool Enabled,
    DateTimeOffset? FailingSince,
    AttemptOutcome? FailingOutcome,
    IReadOnlyList<string>? PrivateNetworks
)
{
    public static EndpointView Of(Subscription subscription) =>
        new(
            subscription.Id,
            subscription.CouncilCode,
            subscription.Name,
            subscription.Channel,
            Subscription.HostOf(subscription.Address),
            subscription.Enabled,
            subscription.FailingSince,
            subscription.FailingOutcome,
            subscription.PrivateNetworksInForce is [] ? null : subscription.PrivateNetworks
        );
}
