using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Safeguarding.Portal.Pages;

/// <summary>Words, whom to ring, and how the pages are used without a mouse.</summary>
[AllowAnonymous]
public sealed class HelpModel : PageModel;
