using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;
using Safeguarding.Portal.PlanRegistry;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.Words;

namespace Safeguarding.Portal.Pages.Register;

/// <summary>
/// The single view: what the services hold about the child of one plan, as far as this person may see it, the newest
/// first. Asked for with the person's own token when the page is opened; nothing of it is kept.
/// </summary>
/// <param name="registry">The plan registry.</param>
/// <param name="alerts">The notification service.</param>
/// <param name="organisations">How organisations are called.</param>
[Authorize("plan.read")]
[Authorize("alert.read")]
public sealed class ChildModel(
    PlanRegistry.Client registry,
    Notification.Client alerts,
    OrganisationNames organisations
) : PageModel
{
    private const int Most = 50;

    /// <summary>The council's own reference of the plan.</summary>
    [BindProperty(SupportsGet = true)]
    public string Reference { get; set; } = "";

    internal PlanRegistry.PlanView Plan { get; private set; } = null!;

    /// <summary>The last time the child was seen, and where one may ring.</summary>
    internal AlertView? LastSeen { get; private set; }

    internal bool AlertsAnswered { get; private set; }

    internal IReadOnlyList<Line> Lines { get; private set; } = [];

    internal IReadOnlyList<string> Missing { get; private set; } = [];

    internal Names Names { get; private set; } = Names.None;

    /// <summary>Whether a service has older lines than these.</summary>
    internal bool More { get; private set; }

    /// <summary>Something that happened.</summary>
    /// <param name="At">When; of a restricted child the day.</param>
    /// <param name="ToTheDay">Whether only the day is shown.</param>
    /// <param name="What">In words.</param>
    /// <param name="Source">Who says so, and since when the hub knows it.</param>
    /// <param name="Why">Why this person may see it.</param>
    /// <param name="Path">Where more of it is shown.</param>
    internal sealed record Line(
        DateTimeOffset At,
        bool ToTheDay,
        string What,
        string Source,
        string Why,
        string? Path = null
    );

    /// <summary>Asks the services; what one does not give is missing, and the rest is shown.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Plan = await registry.GetPlanAsync(Reference, cancellationToken: cancellationToken);
        // As the register has it: the address may hold it in another form.
        var reference = Plan.Reference;
        var asked = (
            Part.OfAsync(alerts.ListAlertsAsync(plan: reference, limit: Most, cancellationToken: cancellationToken)),
            Part.OfAsync(registry.GetLookupsListAsync(plan: reference, cancellationToken: cancellationToken)),
            Part.OfAsync(
                alerts.ListRegistrationsAsync(plan: reference, limit: Most, cancellationToken: cancellationToken)
            )
        );
        var (seen, lookedUp, registered) = (await asked.Item1, await asked.Item2, await asked.Item3);
        Missing = [.. new[] { seen.Missing, lookedUp.Missing }.OfType<string>()];
        if (Missing.Count > 0)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        More = seen.Value?.Before is not null || lookedUp.Value?.More is true || registered.Value?.Before is not null;
        AlertsAnswered = seen.Missing is null;
        Names = await organisations.OfAsync(
            (seen.Value?.Alerts ?? [])
                .SelectMany(alert => AlertWords.Unnamed(alert.Where))
                .Concat((lookedUp.Value?.Lookups ?? []).Select(lookup => lookup.Organisation))
                .Concat((registered.Value?.Registrations ?? []).Select(registration => registration.OtherCouncil))
        );
        LastSeen = seen.Value?.Alerts.FirstOrDefault(alert => alert is { Withdrawn: null, Contact: null });
        Lines =
        [
            .. (seen.Value?.Alerts ?? [])
                .Select(Seen)
                .Concat((lookedUp.Value?.Lookups ?? []).Select(LookedUp))
                .Concat((registered.Value?.Registrations ?? []).Select(Registered))
                .Append(Begun())
                .OrderByDescending(line => line.At),
        ];
        return Page();
    }

    private Line Seen(AlertView alert)
    {
        var where = alert.Where is { } place ? $"{AlertWords.Where(place, Names)}, {AlertWords.What(alert)}" : null;
        return new Line(
            alert.Encounter?.StartedAt ?? alert.RaisedAt,
            alert.Restricted,
            alert.Withdrawn is { } withdrawn ? $"An alert, withdrawn because {AlertWords.Withdrawn(withdrawn.Reason)}"
                : alert.Contact is not null ? $"Reported: {where}"
                : $"Seen in unscheduled care: {where ?? "where is not shown, because the child is restricted"}",
            alert.Where?.OrganisationName
                ?? (
                    alert.Contact is not null ? "A police force"
                    : alert.Where is { } trust ? Names.Of(trust.OrganisationOds)
                    : "A trust"
                ),
            $"Alert of your council{(alert.Match is { } match ? $", {match.InWords}" : "")}",
            $"/alerts/{alert.Id}"
        );
    }

    private Line LookedUp(LookupView lookup) =>
        new(
            lookup.At,
            lookup.Restricted,
            lookup.Organisation is { } organisation
                ? $"Looked up in unscheduled care by {lookup.Role?.Replace('-', ' ')} of {Names.Of(organisation)}"
                : "Looked up in unscheduled care",
            "Recorded by the hub",
            "Your council has the plan"
        );

    private Line Registered(RegistrationView registration) =>
        new(
            registration.RegisteredAt,
            false,
            registration.RegisteredBy is RegisteredBy.You
                ? $"Your council registered the child, whom {Other(registration)} had on its register"
                : $"{ReviewWords.Capital(Other(registration))} registered the child too",
            "Recorded by the hub",
            "Both councils are notified"
        );

    private string Other(RegistrationView registration) =>
        registration.OtherCouncil is not { } code ? "another council"
        : Names.Of(code) is var name && name != code ? name
        : $"council {code}";

    private Line Begun() =>
        new(
            Plan.RegisteredAt,
            false,
            $"{PlanWords.Kind(Plan.Kind)} {Plan.Reference} came into the hub; version {Plan.Version} of it is shown",
            "Your council’s register",
            "Your council’s own plan",
            $"/plans/{Uri.EscapeDataString(Plan.Reference)}"
        );
}
