using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Contracts;
using Safeguarding.Portal.PlanRegistry;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Register;

/// <summary>The council's plans by reference, and one found by reference or by NHS number.</summary>
/// <param name="registry">The plan registry.</param>
[Authorize("plan.read")]
public sealed class PlansModel(PlanRegistry.Client registry) : PageModel
{
    private const int AtOnce = 100;
    private const string Restricted = "restricted";

    internal static readonly (string? Value, string Text)[] Statuses =
    [
        (null, "All"),
        ("running", "Running"),
        ("ended", "Ended in the last 12 months"),
        (Restricted, "Restricted"),
    ];

    internal static readonly (string? Value, string Text)[] Kinds =
    [
        (null, "Every kind"),
        ("child-protection", "Child protection"),
        ("looked-after", "Looked after"),
        ("unborn", "Unborn"),
    ];

    /// <summary>running, ended or restricted; all where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Status { get; set; }

    /// <summary>One of the kinds; all where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

    /// <summary>The reference with which the page before ended.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    /// <summary>A reference or an NHS number; sent in a form, so that no number is in an address.</summary>
    [BindProperty]
    public string? Wanted { get; set; }

    internal Part<PlansPage> Plans { get; private set; } = new(null, null);

    /// <summary>Those with the NHS number; null where none was looked for.</summary>
    internal IReadOnlyList<PlanView>? Found { get; private set; }

    internal static string Address(string? status, string? kind, string? after = null)
    {
        (string Name, string? Value)[] wanted = [("status", status), ("kind", kind), ("after", after)];
        return "/plans"
            + QueryString.Create(
                wanted.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Name, one.Value))
            );
    }

    /// <summary>Reads a page of them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (Statuses.All(one => one.Value != Status) || Kinds.All(one => one.Value != Kind))
            return NotFound();
        Plans = await Part.OfAsync(
            registry.ListPlansAsync(
                Kind,
                Status == Restricted ? null : Status,
                Status == Restricted ? true : null,
                After,
                AtOnce,
                cancellationToken: cancellationToken
            )
        );
        if (Plans.Missing is not null)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }

    /// <summary>Goes to the plan, or shows those with the number.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var wanted = Wanted?.Trim();
        if (string.IsNullOrEmpty(wanted))
        {
            ModelState.AddModelError(nameof(Wanted), "Enter a reference or an NHS number");
            return await OnGetAsync(cancellationToken);
        }

        if (!NhsNumber.TryParse(wanted, out _))
        {
            // Only what the register has comes into the address: a name or a mistyped number does not.
            if (await FindAsync(wanted, cancellationToken) is { } plan)
                return RedirectToPage("/Register/Plan", new { reference = plan.Reference });
            ModelState.AddModelError(nameof(Wanted), WhyNot(wanted));
            return await OnGetAsync(cancellationToken);
        }

        var found = await registry.SearchPlansAsync(
            new PlanSearch { NhsNumber = wanted },
            cancellationToken: cancellationToken
        );
        Found = [.. found.Plans];
        return Page();
    }

    private async Task<PlanView?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.GetPlanAsync(reference, cancellationToken: cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
        catch (ApiException<Problem> unusable) when (unusable.StatusCode == StatusCodes.Status400BadRequest)
        {
            return null;
        }
    }

    private static string WhyNot(string wanted) =>
        wanted.Count(char.IsAsciiDigit) switch
        {
            0 => "Plans are not found by name. Enter a reference or an NHS number",
            >= 9 and <= 11 when !wanted.Any(char.IsLetter) =>
                "This is neither an NHS number nor a reference: one of its digits is wrong",
            _ => "No plan of your council has this reference, running or ended in the last 12 months",
        };
}
