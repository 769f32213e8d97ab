using System.Collections.Concurrent;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.Notification.Delivery;

/// <summary>
/// The newest signed root of each service's audit, as this replica last read it. Each council is given them with its
/// alerts, so that it holds a witness without asking for one.
/// </summary>
internal sealed class NewestAuditRoots
{
    private readonly ConcurrentDictionary<string, RootForOrganisation> _newest = new();

    /// <summary>Without an organisation's own chain, which <c>GET /audit/roots</c> and webhooks prove.</summary>
    public IReadOnlyList<RootForOrganisation> All =>
        [.. _newest.Values.OrderBy(root => root.Service, StringComparer.Ordinal)];

    public void Read(AuditRoot root) =>
        _newest[root.Service] = RootForOrganisation.Of(root, organisation: "") with { Chain = null };
}
