using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.ApiReference;

/// <summary>One operation: what it takes, and every answer that it gives.</summary>
[AllowAnonymous]
public sealed class OperationModel : PageModel
{
    internal string Service { get; private set; } = "";

    internal ApiOperation Operation { get; private set; } = null!;

    /// <summary>Finds it.</summary>
    /// <param name="service">Whose it is.</param>
    /// <param name="operation">Its name in clients.</param>
    public IActionResult OnGet(string service, string operation)
    {
        var found = ApiDocument
            .All.FirstOrDefault(document => document.Service == service)
            ?.Operations.FirstOrDefault(one => one.Id == operation);
        if (found is null)
            return NotFound();
        (Service, Operation) = (service, found);
        return Page();
    }
}
