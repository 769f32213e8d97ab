using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Safeguarding.Portal.Pages.SigningIn;

/// <summary>The browser came back from identity without a sign-in.</summary>
[AllowAnonymous]
public sealed class SignInFailedModel : PageModel;
