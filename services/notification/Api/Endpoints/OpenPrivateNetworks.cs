using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery;
using Safeguarding.Notification.Delivery.Endpoints;
using Safeguarding.Notification.Domain.Subscriptions;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Endpoints;

/// <summary>
/// An operator lets one endpoint lie in private networks, because its council is reached there. For its present host
/// only, and never for a metadata service. A council cannot do this for itself: the networks are the hub's.
/// </summary>
internal static class OpenPrivateNetworks
{
    private const int MostNetworks = 10;

    internal static async Task<Results<Ok<EndpointView>, ProblemHttpResult>> Handle(
        Guid id,
        OpenPrivateNetworksRequest request,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (request.Networks is not { Count: <= MostNetworks } texts)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "networks-missing",
                "networks must list at most 10 networks; an empty list takes the exception back.",
                new FieldError("networks", "at most 10")
            );
        }

        List<IPNetwork> networks = [];
        foreach (var (text, i) in texts.Select((text, i) => (text, i)))
        {
            if (!IPNetwork.TryParse(text, out var network) || !AddressGuard.IsInner(network))
            {
                return Refusal.Problem(
                    StatusCodes.Status400BadRequest,
                    "network-unusable",
                    "Each network must be written like 10.20.0.0/16 and lie in private address space.",
                    new FieldError($"networks[{i}]", "not a private network")
                );
            }

            networks.Add(network);
        }
        if (await db.Subscriptions.FindAsync([id], cancellationToken) is not { } subscription)
            return Refusal.NotFound();
        if (Subscription.HostOf(subscription.Address) is not { } host)
        {
            return Refusal.Problem(
                StatusCodes.Status409Conflict,
                "endpoint-without-host",
                "This subscription's channel posts to no host of the council's."
            );
        }

        subscription.PrivateNetworks = networks is [] ? null : [.. networks.Select(network => network.ToString())];
        subscription.PrivateNetworksHost = networks is [] ? null : host;
        db.Audit(
            caller,
            networks is [] ? "endpoint.private-networks.close" : "endpoint.private-networks.open",
            subscription.Id
        );
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.ResetEndpointAsync(subscription.Id, clock.GetUtcNow(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(EndpointView.Of(subscription));
    }
}

/// <param name="Networks">Such as 10.20.0.0/16; an empty list takes the exception back.</param>
internal sealed record OpenPrivateNetworksRequest(IReadOnlyList<string>? Networks);
