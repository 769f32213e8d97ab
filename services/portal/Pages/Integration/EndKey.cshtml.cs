using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Identity;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>Ends a key of a client, after asking.</summary>
/// <param name="identity">Identity.</param>
[Authorize("client.write")]
public sealed class EndKeyModel(Client identity) : PageModel
{
    /// <summary>The client's id.</summary>
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    /// <summary>The key's id.</summary>
    [BindProperty(SupportsGet = true)]
    public string Kid { get; set; } = "";

    internal ClientKeyView Key { get; private set; } = null!;

    /// <summary>Asks.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Key = (await identity.ListClientsAsync(cancellationToken: cancellationToken))
            .FirstOrDefault(one => one.Id == Id)
            ?.Keys.FirstOrDefault(key => key.Kid == Kid)
            ?? throw new NotFoundException();

    /// <summary>Ends it. One that has ended is answered as if it just had.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        try
        {
            await identity.EndKeyAsync(Id, new KeyEnding { Kid = Kid }, cancellationToken: cancellationToken);
            return Redirect($"/clients/{Uri.EscapeDataString(Id)}");
        }
        catch (ApiException<Problem> refused)
            when (refused.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
        {
            ModelState.AddModelError("", refused.Result.Detail ?? "The key cannot be ended");
            await OnGetAsync(cancellationToken);
            return Page();
        }
    }
}
