using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Operations;

/// <summary>
/// What an operator looks at first: which service is well, what waits, who is silent. No child is in it.
/// </summary>
/// <param name="health">The services' health checks.</param>
/// <param name="plans">The plan registry.</param>
/// <param name="encounters">Encounter ingest.</param>
/// <param name="alerts">The notification service.</param>
/// <param name="parked">Messages that failed.</param>
/// <param name="steps">What each service passes on to the next.</param>
/// <param name="organisations">How organisations are called.</param>
/// <param name="clock">The clock.</param>
[Authorize("ops")]
public sealed class OperationsModel(
    ServiceHealth health,
    PlanRegistry.Client plans,
    EncounterIngest.Client encounters,
    Notification.Client alerts,
    ParkedMessages parked,
    FlowSteps steps,
    OrganisationNames organisations,
    TimeProvider clock
) : PageModel
{
    // A page that reloads by itself is asked for: it moves away from whoever is reading it.
    private const string Seconds = "10";
    private const int MostReplays = 10;

    internal bool IsLive { get; private set; }

    internal Flow Flow { get; private set; } = null!;

    internal IReadOnlyList<Alarm> Alarms { get; private set; } = [];

    internal Names Names { get; private set; } = Names.None;

    internal IReadOnlyList<Part<FlowStep>> Steps { get; private set; } = [];

    internal IReadOnlyList<ServiceState> Services { get; private set; } = [];

    internal Part<ICollection<CountWaitingCouncilStatus>> Councils { get; private set; } = null!;

    internal Part<IReadOnlyList<SilentSource>> Trusts { get; private set; } = null!;

    internal Part<IReadOnlyList<SilentSource>> Registers { get; private set; } = null!;

    internal Part<IReadOnlyList<EndpointView>> Failing { get; private set; } = null!;

    internal Part<IReadOnlyList<ListReplaysView>> Replays { get; private set; } = null!;

    internal IReadOnlyList<Part<IReadOnlyList<ParkedMessage>>> Parked { get; private set; } = [];

    internal IEnumerable<string> Missing =>
        new[] { Councils.Missing, Trusts.Missing, Registers.Missing, Failing.Missing, Replays.Missing }
            .Concat(Parked.Select(one => one.Missing))
            .Concat(Steps.Select(one => one.Missing))
            .OfType<string>()
            .Distinct();

    /// <summary>Asks every service at once; what does not answer is said, and the rest is shown.</summary>
    /// <param name="live">Whether the browser is to ask again by itself.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(bool live, CancellationToken cancellationToken)
    {
        var flow = steps.ReadAsync(cancellationToken);
        var services = health.AskAsync(cancellationToken);
        var councils = Part.OfAsync(alerts.CountWaitingAsync(cancellationToken: cancellationToken));
        var trusts = Part.OfAsync(SilentTrustsAsync(cancellationToken));
        var registers = Part.OfAsync(SilentRegistersAsync(cancellationToken));
        var failing = Part.OfAsync(FailingAsync(cancellationToken));
        var replays = Part.OfAsync(ReplaysAsync(cancellationToken));
        var messages = parked.ListAsync(cancellationToken);
        (Services, Councils, Trusts) = (await services, await councils, await trusts);
        (Registers, Failing, Parked) = (await registers, await failing, await messages);
        (Steps, Replays) = (await flow, await replays);
        Names = await organisations.OfAsync(
            (Councils.Value ?? [])
                .Select(one => one.Council)
                .Concat((Failing.Value ?? []).Select(one => one.CouncilCode))
                .Concat((Trusts.Value ?? []).Concat(Registers.Value ?? []).Select(one => one.Organisation))
        );
        Flow = Flow.Of(this, clock.GetUtcNow());
        Alarms = [.. Alarm.Of(this, Flow, clock.GetUtcNow())];
        IsLive = live;
        if (live)
            Response.Headers["Refresh"] = Seconds;
        if (Missing.Any())
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }

    /// <summary>Stops a replay: what it has not sent stays where it was.</summary>
    /// <param name="replay">Which.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostStopReplayAsync(Guid replay, CancellationToken cancellationToken)
    {
        await alerts.StopReplayAsync(replay, cancellationToken: cancellationToken);
        return RedirectToPage();
    }

    private async Task<IReadOnlyList<ListReplaysView>> ReplaysAsync(CancellationToken cancellationToken) =>
        [.. (await alerts.ListReplaysAsync(cancellationToken: cancellationToken)).Take(MostReplays)];

    private async Task<IReadOnlyList<SilentSource>> SilentTrustsAsync(CancellationToken cancellationToken) =>
        [
            .. (await encounters.SourceListAsync(cancellationToken: cancellationToken))
                .Sources.Where(source => source.State == EncounterIngest.SourceState.Silent)
                .Select(source => new SilentSource(source.Organisation, source.LastArrivalAt)),
        ];

    private async Task<IReadOnlyList<SilentSource>> SilentRegistersAsync(CancellationToken cancellationToken) =>
        [
            .. (await plans.SourceListAsync(cancellationToken: cancellationToken))
                .Sources.Where(source => source.State == PlanRegistry.SourceState.Silent)
                .Select(source => new SilentSource(source.Organisation, source.LastArrivalAt)),
        ];

    private async Task<IReadOnlyList<EndpointView>> FailingAsync(CancellationToken cancellationToken) =>
        [
            .. (await alerts.ListEndpointsAsync(cancellationToken: cancellationToken)).Where(endpoint =>
                endpoint.FailingSince is not null
            ),
        ];
}

/// <summary>Somebody who usually sends, and does not.</summary>
/// <param name="Organisation">ODS code of a trust, GSS code of a council.</param>
/// <param name="LastArrivalAt">When something came last.</param>
internal sealed record SilentSource(string Organisation, DateTimeOffset LastArrivalAt);
