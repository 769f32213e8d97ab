using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Access;
using Safeguarding.Portal.PlanRegistry;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;
using Safeguarding.Portal.TagHelpers;
using LookupKind = Safeguarding.Hosting.Access.LookupKind;

namespace Safeguarding.Portal.Pages.LookUp;

/// <summary>
/// Is the child on a plan, and whom to ring now. What for is asked first; the number, or names and birth date, are sent
/// in a form, never in an address, and the answer is a page that no cache and no history keeps.
/// </summary>
/// <param name="plans">The plan registry.</param>
/// <param name="organisations">How organisations are called.</param>
[Authorize("lookup.person")]
public sealed class LookUpModel(PlanRegistry.Client plans, OrganisationNames organisations) : PageModel
{
    internal const int LongestReason = 500;
    private const string BreakGlass = "break-glass";

    private static readonly Choice s_directCare = new("direct-care", "The patient is in my care");

    private static readonly Choice s_childProtection = new(
        "child-protection",
        "I am looking into a concern about a child"
    );

    private static readonly Choice s_breakGlass = new(
        BreakGlass,
        "Neither of these, and I must know now (break-glass)",
        "You say why. Your organisation’s privacy officer is notified at once, and judges each use."
    );

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

    /// <summary>Whether names and birth date are asked for instead of the number.</summary>
    [BindProperty(SupportsGet = true)]
    public string? By { get; set; }

    /// <summary>As on the patient's record.</summary>
    [BindProperty]
    public string? FamilyName { get; set; }

    /// <summary>The one in use first.</summary>
    [BindProperty]
    public string? GivenNames { get; set; }

    /// <summary>Day, month and year.</summary>
    [BindProperty]
    public DateFields BirthDate { get; set; } = new();

    /// <summary>Where it is known.</summary>
    [BindProperty]
    public string? Sex { get; set; }

    /// <summary>Where the child lives.</summary>
    [BindProperty]
    public string? Postcode { get; set; }

    /// <summary>Of the child's home.</summary>
    [BindProperty]
    public string? Phone { get; set; }

    /// <summary>Why the glass is broken.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    internal static readonly Choice[] Sexes = [new("female", "Female"), new("male", "Male"), new("", "Not known")];

    internal bool ByTraits => By == "names";

    internal LookupAnswer? Answer { get; private set; }

    internal Names Names { get; private set; } = Names.None;

    // Only a trust has patients in its care.
    internal IReadOnlyList<Choice> Purposes =>
        [
            .. Person.Kind == OrganisationKind.Trust ? [s_directCare] : Array.Empty<Choice>(),
            s_childProtection,
            // A use of break-glass is of one child, whom names do not name.
            .. MayBreakGlass && !ByTraits ? [s_breakGlass] : Array.Empty<Choice>(),
        ];

    internal bool MayBreakGlass => Person.May("breakglass.use");

    internal bool AsksForKind => Person.Role.Lookups.Count > 1;

    private SignedInPerson Person => SignedInPerson.Of(User)!;

    /// <summary>Looks the child up.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        // Who has one purpose is not asked.
        var purpose = Purposes is [var only] ? only.Value : Purpose;
        if (Purposes.All(one => one.Value != purpose))
            ModelState.AddModelError(nameof(Purpose), "Select what you look the child up for");
        if (AsksForKind && Kinds.All(one => one.Value != Kind))
            ModelState.AddModelError(nameof(Kind), "Select what kind of care it is");
        if (purpose == BreakGlass && Kind == nameof(LookupKind.Scheduled))
            ModelState.AddModelError(nameof(Kind), "Break-glass notifies the council: select unscheduled care");
        TraitsDocument? traits = null;
        if (ByTraits)
            traits = ReadTraits();
        else
            CheckNumber();

        var reason = string.IsNullOrWhiteSpace(Reason) ? null : Reason.Trim();
        if (purpose == BreakGlass && reason is not { Length: >= 10 and <= LongestReason })
            ModelState.AddModelError(nameof(Reason), "Say in 10 to 500 characters why you must know now");
        else if (purpose != BreakGlass && reason is not null)
            ModelState.AddModelError(nameof(Reason), "A reason goes with break-glass only: select it, or remove this");

        if (!ModelState.IsValid)
            return Page();
        try
        {
            Answer = await plans.PostLookupAsync(
                new LookupRequest
                {
                    NhsNumber = ByTraits ? null : NhsNumber,
                    Traits = traits,
                    Purpose = purpose,
                    Scheduled = AsksForKind ? Kind == nameof(LookupKind.Scheduled) : null,
                    Reason = reason,
                },
                cancellationToken: cancellationToken
            );
            await NameAsync(Answer);
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status400BadRequest)
        {
            foreach (var error in refused.Result.Errors ?? [])
                ModelState.AddModelError(FieldOf(error.Field), error.Message);
            if (ModelState.IsValid)
                ModelState.AddModelError("", refused.Result.Detail ?? "The look-up was refused.");
        }

        return Page();
    }

    // A council that has told the hub no name has one all the same.
    private async Task NameAsync(LookupAnswer answer)
    {
        var councils = answer
            .Plans.Select(plan => plan.Council)
            .Concat(answer.Possible.Select(possible => possible.Council))
            .Where(council => council.Name is null)
            .ToList();
        Names = await organisations.OfAsync(
            councils
                .Select(council => council.Code)
                .Concat((answer.Accesses ?? []).Select(access => access.Organisation))
        );
        foreach (var council in councils)
            council.Name = Names.Of(council.Code);
    }

    private void CheckNumber()
    {
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
    }

    private TraitsDocument ReadTraits()
    {
        if (string.IsNullOrWhiteSpace(FamilyName))
            ModelState.AddModelError(nameof(FamilyName), "Enter the family name");
        if (string.IsNullOrWhiteSpace(GivenNames))
            ModelState.AddModelError(nameof(GivenNames), "Enter the given names, or the one you know");
        var born = BirthDate.Read(ModelState, nameof(BirthDate), "Date of birth");
        return new TraitsDocument
        {
            FamilyName = FamilyName,
            GivenNames = (GivenNames ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            BirthDate = born?.ToString("O", CultureInfo.InvariantCulture),
            Sex = Sex,
            Postcode = Postcode,
            Phone = Phone,
        };
    }

    private static string FieldOf(string field) =>
        field switch
        {
            "traits.familyName" => nameof(FamilyName),
            "traits.givenNames" => nameof(GivenNames),
            "traits.birthDate" => $"{nameof(BirthDate)}.{nameof(DateFields.Day)}",
            "traits.postcode" => nameof(Postcode),
            "traits.phone" => nameof(Phone),
            _ => "",
        };
}
