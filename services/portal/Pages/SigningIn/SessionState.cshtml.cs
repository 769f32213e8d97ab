using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Safeguarding.Portal.Pages.SigningIn;

/// <summary>Opened to stay signed in, by a person or by their press on the warning.</summary>
[Authorize]
public sealed class SessionStateModel : PageModel;
