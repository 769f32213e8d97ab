using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Operations;

/// <summary>A page of the runbook.</summary>
[Authorize("ops")]
public sealed class RunbookPageModel : PageModel
{
    internal Runbook Found { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    /// <param name="name">As alarms name it.</param>
    public void OnGet(string name) => Found = Runbook.Find(name) ?? throw new NotFoundException();
}
