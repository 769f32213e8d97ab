using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Safeguarding.Portal.Pages.SigningIn;

/// <summary>Sends the browser to identity, and back to the page that was asked for.</summary>
[AllowAnonymous]
public sealed class SignInModel : PageModel
{
    /// <summary>Shows nothing: a redirect.</summary>
    /// <param name="to">A path of the portal; the home page where it is none.</param>
    public IActionResult OnGet(string? to) =>
        Challenge(new AuthenticationProperties { RedirectUri = Url.IsLocalUrl(to) ? to : "/" });
}
