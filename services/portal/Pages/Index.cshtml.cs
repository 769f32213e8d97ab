using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Safeguarding.Portal.Pages;

/// <summary>Where everybody begins: signed out, what this is; signed in, what their role opens.</summary>
[AllowAnonymous]
public sealed class IndexModel : PageModel;
