using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.SigningIn;

/// <summary>Opened to stay signed in, by a person or by their press on the warning.</summary>
[Authorize]
public sealed class SessionStateModel : PageModel
{
    internal static int Minutes => (int)RenewTokens.Idle.TotalMinutes;
}
