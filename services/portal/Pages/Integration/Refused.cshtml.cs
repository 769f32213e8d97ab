using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Hosting.Access;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>What the hub refused of the organisation's systems, and what is still missing.</summary>
/// <param name="refused">What was refused.</param>
[Authorize("refusals.read")]
public sealed class RefusedModel(RefusedItems refused) : PageModel
{
    internal Part<(IReadOnlyList<RefusedCode> Codes, IReadOnlyList<RefusedItem> Newest)> Found { get; private set; } =
        new(([], []), null);

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var isTrust = OrganisationKinds.Of(SignedInPerson.Of(User)!.Organisation) is OrganisationKind.Trust;
        Found = await Part.OfAsync(refused.ReadAsync(isTrust, cancellationToken));
        if (Found.Missing is not null)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }
}
