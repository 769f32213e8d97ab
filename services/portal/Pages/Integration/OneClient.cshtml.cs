using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Identity;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>
/// A client's keys, and a further one: the old and the new are good side by side until the old is ended.
/// </summary>
/// <param name="identity">Identity.</param>
[Authorize("client.write")]
public sealed class OneClientModel(Client identity) : PageModel
{
    /// <summary>The client's id.</summary>
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    /// <summary>A public key, as it was pasted.</summary>
    [BindProperty]
    public string? Key { get; set; }

    /// <summary>Its id, where the key does not say it.</summary>
    [BindProperty]
    public string? Kid { get; set; }

    internal ClientView Found { get; private set; } = null!;

    internal string? Registered { get; private set; }

    /// <summary>Shows it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Found = (await identity.ListClientsAsync(cancellationToken: cancellationToken)).FirstOrDefault(one =>
            one.Id == Id
        ) ?? throw new NotFoundException();

    /// <summary>Registers a key. The same one twice is one.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var kid = string.IsNullOrWhiteSpace(Kid) ? null : Kid.Trim();
        var (key, fault) = string.IsNullOrWhiteSpace(Key)
            ? (null, "Paste the new public key")
            : PublicKeyText.Read(Key, kid);
        if (key is not null)
        {
            try
            {
                await identity.RegisterKeyAsync(
                    Id,
                    new KeyRegistration { Keys = [key] },
                    cancellationToken: cancellationToken
                );
                Registered = key.Kid;
                (Key, Kid) = (null, null);
            }
            catch (ApiException<Problem> refused)
                when (refused.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict)
            {
                fault = refused.Result.Detail ?? "The key is not accepted";
            }
        }

        if (fault is not null)
            ModelState.AddModelError(nameof(Key), fault);
        await OnGetAsync(cancellationToken);
        return Page();
    }
}
