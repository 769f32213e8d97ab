using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Safeguarding.Portal.Pages.SigningIn;

/// <summary>Ends the session here and at identity.</summary>
[AllowAnonymous]
public sealed class SignOutModel : PageModel
{
    /// <summary>Whether there is a session to end.</summary>
    public bool IsSignedIn => User.Identity!.IsAuthenticated;

    /// <summary>A redirect to identity, which sends the browser back to this page.</summary>
    public IActionResult OnPost() =>
        IsSignedIn
            ? SignOut(
                new AuthenticationProperties { RedirectUri = "/sign-out" },
                CookieAuthenticationDefaults.AuthenticationScheme,
                OpenIdConnectDefaults.AuthenticationScheme
            )
            : RedirectToPage();
}
