using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Delivery.Replays;
using Safeguarding.Notification.Domain.Deliveries;

namespace Safeguarding.Notification.Api.Deliveries;

/// <summary>Which ended deliveries are to be sent again, and why.</summary>
/// <param name="From">Deliveries made at or after.</param>
/// <param name="Until">Deliveries made before; at most 31 days later.</param>
/// <param name="Council">Only of this council.</param>
/// <param name="SubscriptionId">Only to this endpoint, as <c>GET /deliveries</c> names it.</param>
/// <param name="States"><c>parked</c>, <c>delivered</c> or both; parked where not given.</param>
/// <param name="Max">How many at most, the oldest first; 1000 where not given.</param>
/// <param name="PerMinute">How many a minute; 60 where not given.</param>
/// <param name="DryRun">True counts and changes nothing.</param>
/// <param name="Expect">The dry run's count.</param>
/// <param name="Nonce">The dry run's nonce.</param>
/// <param name="Reason">Why; the councils read it in their alerts' histories.</param>
internal sealed record ReplayRequest(
    DateTimeOffset? From,
    DateTimeOffset? Until,
    string? Council,
    Guid? SubscriptionId,
    List<string>? States,
    int? Max,
    int? PerMinute,
    bool? DryRun,
    int? Expect,
    Guid? Nonce,
    string? Reason
)
{
    private const int MostAtOnce = 10_000;
    private const int FastestPerMinute = 6_000;
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(31);

    public int Pace() => PerMinute ?? 60;

    /// <summary>Of a request that nothing is wrong with.</summary>
    public ReplaySelection Selection() =>
        new(
            From!.Value.ToUniversalTime(),
            Until!.Value.ToUniversalTime(),
            Council,
            SubscriptionId,
            [
                .. (States ?? ["parked"])
                    .Select(state => state == "parked" ? nameof(DeliveryState.Parked) : nameof(DeliveryState.Delivered))
                    .Distinct(),
            ],
            Max ?? 1_000
        );

    public ProblemHttpResult? ValidationError() =>
        this switch
        {
            { From: null } => Bad("from-missing", "from must say from when on deliveries are meant.", "from", "a time"),
            { Until: null } => Bad(
                "until-missing",
                "until must say up to when deliveries are meant.",
                "until",
                "a time"
            ),
            { From: var from, Until: var until } when until <= from => Bad(
                "window-empty",
                "until must be later than from.",
                "until",
                "later than from"
            ),
            { From: var from, Until: var until } when until - from > LongestWindow => Bad(
                "window-too-long",
                "A window has at most 31 days.",
                "until",
                "at most 31 days after from"
            ),
            { States: [] } => Bad(
                "states-missing",
                "states must name parked, delivered or both.",
                "states",
                "parked, delivered"
            ),
            { States: { } states } when states.Exists(state => state is not ("parked" or "delivered")) => Bad(
                "state-not-replayable",
                "Only parked and delivered can be sent again: what waits is tried anyway, and what was cancelled is "
                    + "no longer true.",
                "states",
                "parked, delivered"
            ),
            { Max: < 1 or > MostAtOnce } => Bad("max-out-of-range", "max must be 1 to 10000.", "max", "1 to 10000"),
            { PerMinute: < 1 or > FastestPerMinute } => Bad(
                "rate-out-of-range",
                "perMinute must be 1 to 6000.",
                "perMinute",
                "1 to 6000"
            ),
            { DryRun: true } => null,
            { Expect: null } => Bad(
                "expect-missing",
                "Ask by a dry run first (dryRun true) and name its count in expect.",
                "expect",
                "the dry run's count"
            ),
            { Nonce: null } => Bad(
                "nonce-missing",
                "Ask by a dry run first (dryRun true) and name its nonce.",
                "nonce",
                "the dry run's nonce"
            ),
            { Reason: var reason } when string.IsNullOrWhiteSpace(reason) => Bad(
                "reason-missing",
                "A replay needs a reason.",
                "reason",
                "is missing"
            ),
            { Reason.Length: > 200 } => Bad(
                "reason-too-long",
                "reason must have at most 200 characters.",
                "reason",
                "at most 200 characters"
            ),
            _ => null,
        };

    private static ProblemHttpResult Bad(string code, string detail, string field, string message) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, detail, new FieldError(field, message));
}
