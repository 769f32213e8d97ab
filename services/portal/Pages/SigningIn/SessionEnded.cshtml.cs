using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Safeguarding.Portal.Pages.SigningIn;

/// <summary>Identity has ended the session, or a service refuses its token.</summary>
[AllowAnonymous]
public sealed class SessionEndedModel : PageModel
{
    /// <summary>Where the person comes back to.</summary>
    [BindProperty(SupportsGet = true)]
    public string? To { get; set; }
}
