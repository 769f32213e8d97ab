using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Matching;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;
using Safeguarding.Portal.TagHelpers;
using PlanView = Safeguarding.Portal.PlanRegistry.PlanView;

namespace Safeguarding.Portal.Pages.ReviewDesk;

/// <summary>One question: the patient beside the child on the plan, who has it, and the decision.</summary>
/// <param name="reviews">The matching service.</param>
/// <param name="plans">The plan registry.</param>
[Authorize("review.decide")]
public sealed class ReviewModel(Matching.Client reviews, PlanRegistry.Client plans) : PageModel
{
    internal const int LongestReason = 500;

    internal static readonly Choice[] Verdicts =
    [
        new(nameof(ReviewVerdict.SameChild), "Same child", "The alert is raised with your council."),
        new(
            nameof(ReviewVerdict.NotThisChild),
            "Not this child",
            "No alert. You are not asked about this patient again while the plan stays as it is."
        ),
        new(
            nameof(ReviewVerdict.CannotTell),
            "I cannot tell",
            "No alert now. You are asked again when this patient is seen again."
        ),
    ];

    /// <summary>Which question.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Which version the person had read.</summary>
    [BindProperty]
    public long Version { get; set; }

    /// <summary>One of the verdicts.</summary>
    [BindProperty]
    public string? Verdict { get; set; }

    /// <summary>Why.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    internal GetReviewView? Found { get; private set; }

    internal ReviewView Review => Found!.Review;

    /// <summary>The council's own plans, as far as the registry shows them.</summary>
    internal IReadOnlyDictionary<Guid, PlanView> OwnPlans { get; private set; } = new Dictionary<Guid, PlanView>();

    internal string? Missing { get; private set; }

    internal SignedInPerson Person => SignedInPerson.Of(User)!;

    internal bool IsMine => Review.State == ReviewState.Open && ReviewLease.IsOf(Review, Person);

    /// <summary>Whether the person gave the first opinion, so that somebody else decides.</summary>
    internal bool WaitsForAnother =>
        Review is { State: ReviewState.Open, SecondOpinion: true }
        && IsOwn(Found!.History.LastOrDefault(entry => entry.Action == ReviewAction.Opinion)?.By);

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        (Found, Missing) = await Part.OfAsync(reviews.GetReviewAsync(Id, cancellationToken: cancellationToken));
        if (Found is not null)
        {
            Version = Review.Version;
            await ReadPlansAsync(cancellationToken);
        }

        if (Missing is not null)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }

    /// <summary>Takes the question, or keeps it for longer.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public Task<IActionResult> OnPostTakeAsync(CancellationToken cancellationToken) =>
        ActAsync(TakeAsync, isDone: () => IsMine, cancellationToken);

    /// <summary>Gives the question back undecided.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostReleaseAsync(CancellationToken cancellationToken)
    {
        var found = await reviews.GetReviewAsync(Id, cancellationToken: cancellationToken);
        // After a second click nobody has it, and asking for the claim would take it again.
        if (
            ReviewLease.IsOf(found.Review, Person)
            && await ReviewLease.TryTakeAsync(reviews, Id, Person, cancellationToken) is { } claim
        )
        {
            await reviews.ReleaseReviewAsync(
                Id,
                new ReleaseReviewRequest { ClaimId = claim },
                cancellationToken: cancellationToken
            );
        }

        return RedirectToPage("/ReviewDesk/Reviews");
    }

    /// <summary>Decides. A second time says the same, so nothing is done twice.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostDecideAsync(CancellationToken cancellationToken) =>
        IsComplete()
            ? await ActAsync(DecideAsync, IsDecidedSo, cancellationToken)
            : await OnGetAsync(cancellationToken);

    /// <summary>Says what the person thinks, and leaves the decision to somebody else.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostSecondOpinionAsync(CancellationToken cancellationToken) =>
        IsComplete()
            ? await ActAsync(AskSecondOpinionAsync, () => WaitsForAnother, cancellationToken)
            : await OnGetAsync(cancellationToken);

    private async Task<IActionResult> ActAsync(
        Func<CancellationToken, Task> act,
        Func<bool> isDone,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await act(cancellationToken);
            return RedirectToPage(new { Id });
        }
        catch (ApiException<Problem> refused) when (refused.StatusCode == StatusCodes.Status409Conflict)
        {
            await OnGetAsync(cancellationToken);
            if (Found is not null && isDone())
                return RedirectToPage(new { Id });
            var lost = Verdict is null ? "" : "What you sent is not recorded. ";
            ModelState.AddModelError("", $"{lost}{refused.Result.Detail}");
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
        catch (ServiceUnavailableException)
        {
            // It may have been done, and the answer lost.
            await OnGetAsync(cancellationToken);
            if (Found is not null && isDone())
                return RedirectToPage(new { Id });
            ModelState.AddModelError("", "There was no answer. Send it again: it is recorded once only");
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Page();
        }
    }

    private Task<Guid> TakeAsync(CancellationToken cancellationToken) =>
        ReviewLease.TakeAsync(reviews, Id, Person, cancellationToken);

    private async Task DecideAsync(CancellationToken cancellationToken)
    {
        var claim = await TakeAsync(cancellationToken);
        try
        {
            await reviews.ResolveReviewAsync(
                Id,
                new ResolveReviewRequest
                {
                    Version = Version,
                    Verdict = Enum.Parse<ReviewVerdict>(Verdict!),
                    Reason = Reason,
                    ClaimId = claim,
                    Reviewer = Person.Name,
                },
                cancellationToken: cancellationToken
            );
        }
        catch (ApiException decided) when (decided.StatusCode == StatusCodes.Status204NoContent)
        {
            // Only "cannot tell" is answered with more than that.
        }
    }

    private async Task AskSecondOpinionAsync(CancellationToken cancellationToken)
    {
        var claim = await TakeAsync(cancellationToken);
        await reviews.AskSecondOpinionAsync(
            Id,
            new AskSecondOpinionRequest
            {
                Version = Version,
                Opinion = Enum.Parse<ReviewVerdict>(Verdict!),
                Reason = Reason,
                ClaimId = claim,
                Reviewer = Person.Name,
            },
            cancellationToken: cancellationToken
        );
    }

    private bool IsDecidedSo() =>
        Review.Decision is { } decision && $"{decision.Verdict}" == Verdict && IsOwn(decision.By);

    private bool IsOwn(string? by) => Person.HasSigned(by);

    private bool IsComplete()
    {
        if (Verdicts.All(one => one.Value != Verdict))
            ModelState.AddModelError(nameof(Verdict), "Select what you have found");
        if (string.IsNullOrWhiteSpace(Reason))
            ModelState.AddModelError(nameof(Reason), "Enter why you decide so");
        else if (Reason.Length > LongestReason)
            ModelState.AddModelError(nameof(Reason), $"The reason must be {LongestReason} characters or fewer");
        return ModelState.IsValid;
    }

    private async Task ReadPlansAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, PlanView>();
        foreach (var plan in Person.May("plan.read") ? Review.Plans : [])
        {
            try
            {
                found[plan.PlanId] = await plans.GetPlanAsync(plan.Reference, cancellationToken: cancellationToken);
            }
            catch (NotFoundException)
            {
                // It was deleted since, or ended long ago: what was compared is still said.
            }
            catch (ServiceUnavailableException)
            {
                Missing = "Your council’s register";
                break;
            }
        }

        OwnPlans = found;
    }
}
