using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.ApiReference;

/// <summary>The operations of the services' APIs, for everybody.</summary>
[AllowAnonymous]
public sealed class ApiModel : PageModel
{
    /// <summary>Which service's document is wanted as it is.</summary>
    /// <param name="service">Its name.</param>
    public IActionResult OnGetDocument(string service) =>
        ApiDocument.All.Any(document => document.Service == service)
            ? PhysicalFile(ApiDocument.PathOf(service), "application/json", $"{service}.json")
            : NotFound();
}
