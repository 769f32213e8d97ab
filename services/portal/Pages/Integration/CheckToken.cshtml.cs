using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Identity;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>What would be refused of a client assertion or an access token, claim by claim.</summary>
/// <param name="identity">Identity.</param>
[Authorize("client.write")]
public sealed class CheckTokenModel(Client identity) : PageModel
{
    /// <summary>What was pasted.</summary>
    [BindProperty]
    public string? Token { get; set; }

    internal CheckedToken? Found { get; private set; }

    internal string? Missing { get; private set; }

    internal bool IsAccepted => Found?.Claims.All(claim => claim.Accepted) == true;

    /// <summary>Has it checked: nothing is issued, and an assertion stays unused.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Token))
        {
            ModelState.AddModelError(nameof(Token), "Paste a client assertion or an access token");
            return Page();
        }

        try
        {
            Found = await identity.CheckTokenAsync(
                new TokenToCheck { Token = Token.Trim() },
                cancellationToken: cancellationToken
            );
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status400BadRequest)
        {
            ModelState.AddModelError(
                nameof(Token),
                "This is no signed JWT: it must be three parts with dots between them, the first two JSON objects in base64url"
            );
        }
        catch (ServiceUnavailableException exception)
        {
            Missing = exception.Part;
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }

        return Page();
    }
}
