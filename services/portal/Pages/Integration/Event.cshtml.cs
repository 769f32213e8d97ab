using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Notification;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>One type of event: what it means, a sample and its JSON Schema.</summary>
/// <param name="alerts">The notification service.</param>
[Authorize("subscription.write")]
public sealed class EventModel(Notification.Client alerts) : PageModel
{
    private static readonly JsonSerializerOptions s_indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Which type.</summary>
    [BindProperty(SupportsGet = true)]
    public string Type { get; set; } = "";

    internal GetEventDescription Description { get; private set; } = null!;

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Description = await alerts.GetEventAsync(Type, cancellationToken: cancellationToken);

    internal static string Text(object json) => JsonSerializer.Serialize(json, s_indented);
}
