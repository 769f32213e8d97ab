using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Access;
using Safeguarding.Portal.PlanRegistry;
using Safeguarding.Portal.SignIn;
using Safeguarding.Portal.TagHelpers;
using LookupKind = Safeguarding.Hosting.Access.LookupKind;

namespace Safeguarding.Portal.Pages.LookUp;

/// <summary>
/// Is the child on a plan, and whom to ring now. What for is asked first; the number is sent in a form, never in an
/// address, and the answer is a page that no cache and no history keeps.
/// </summary>
/// <param name="plans">The plan registry.</param>
[Authorize("lookup.person")]
public sealed class LookUpModel(PlanRegistry.Client plans) : PageModel
{
    internal static readonly Choice[] Purposes =
    [
        new("direct-care", "The patient is in my care"),
        new("child-protection", "I am looking into a concern about a child"),
    ];

    internal static readonly Choice[] Kinds =
    [
        new(
            nameof(LookupKind.Unscheduled),
            "Unscheduled care",
            "Such as an emergency department. The child’s council is notified of the look-up."
        ),
        new(nameof(LookupKind.Scheduled), "Scheduled care", "The look-up is recorded, and nobody is notified."),
    ];

    /// <summary>What for.</summary>
    [BindProperty]
    public string? Purpose { get; set; }

    /// <summary>Asked of those whose role makes both kinds of look-up.</summary>
    [BindProperty]
    public string? Kind { get; set; }

    /// <summary>Of the child, or of the mother of an unborn child.</summary>
    [BindProperty]
    public string? NhsNumber { get; set; }

    internal LookupAnswer? Answer { get; private set; }

    internal bool IsAtTrust => SignedInPerson.Of(User)!.Kind == OrganisationKind.Trust;

    internal bool AsksForKind => SignedInPerson.Of(User)!.Role.Lookups.Count > 1;

    /// <summary>Looks the child up.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        // Only a trust has patients in its care.
        var purpose = IsAtTrust ? Purpose : "child-protection";
        if (Purposes.All(one => one.Value != purpose))
            ModelState.AddModelError(nameof(Purpose), "Select what you look the child up for");
        if (AsksForKind && Kinds.All(one => one.Value != Kind))
            ModelState.AddModelError(nameof(Kind), "Select what kind of care it is");
        if (string.IsNullOrWhiteSpace(NhsNumber))
        {
            ModelState.AddModelError(nameof(NhsNumber), "Enter the NHS number");
        }
        else if (!Contracts.NhsNumber.TryParse(NhsNumber, out _))
        {
            ModelState.AddModelError(
                nameof(NhsNumber),
                "Enter the NHS number as it stands on the record: 10 digits. One of those you entered is wrong"
            );
        }

        if (!ModelState.IsValid)
            return Page();
        try
        {
            Answer = await plans.PostLookupAsync(
                new LookupRequest
                {
                    NhsNumber = NhsNumber,
                    Purpose = purpose,
                    Scheduled = AsksForKind ? Kind == nameof(LookupKind.Scheduled) : null,
                },
                cancellationToken: cancellationToken
            );
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status400BadRequest)
        {
            ModelState.AddModelError("", refused.Result.Detail ?? "The look-up was refused.");
        }

        return Page();
    }
}
