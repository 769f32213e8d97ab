using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Practice;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages.Practice;

/// <summary>The invented families with their stories. No such page where the hub is not for practice.</summary>
/// <param name="area">Whether it is.</param>
public sealed class PracticeModel(PracticeArea area) : PageModel
{
    /// <summary>Whether the story comes to the person's own desk.</summary>
    internal bool IsOurs(Family family) => family.Councils.Contains(SignedInPerson.Of(User)?.Organisation ?? "");

    /// <summary>Shows them.</summary>
    public IActionResult OnGet() => area.IsOn ? Page() : NotFound();
}
