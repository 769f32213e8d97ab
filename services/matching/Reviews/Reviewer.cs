using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Domain.Reviews;

namespace Safeguarding.Matching.Reviews;

/// <summary>Who reviews, and what keeps them from a question.</summary>
internal static class Reviewer
{
    private const int LongestName = 100;
    private const int LongestReason = 500;

    /// <summary>
    /// The member of staff, as the council's system names them; the system itself where it names
    /// nobody.
    /// </summary>
    public static string Of(string? named, Caller caller) =>
        string.IsNullOrWhiteSpace(named) ? caller.ClientId : named.Trim();

    /// <summary>One person signs in as Anna here and as anna there.</summary>
    public static bool IsSame(string? one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    public static void Judge(string? reviewer, List<FieldError> errors)
    {
        if (reviewer is not null && (reviewer.Length > LongestName || !TextProfile.Line.Allows(reviewer)))
            errors.Add(new("reviewer", $"must be at most {LongestName} characters, none of them a control character"));
    }

    public static void JudgeReason(string? reason, List<FieldError> errors)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason)
            errors.Add(new("reason", $"must be 1 to {LongestReason} characters"));
    }

    /// <summary>What keeps a reviewer from a question, or null.</summary>
    public static ProblemHttpResult? Keeps(Review review, Guid? claimId, string reviewer, DateTimeOffset now) =>
        review switch
        {
            { State: not ReviewState.Open } => Refusal.Problem(
                StatusCodes.Status409Conflict,
                "review-not-open",
                "This question has been decided or withdrawn."
            ),
            _ when review.ClaimedUntil > now && review.ClaimId != claimId => Taken(),
            _ when IsSame(review.OpinionBy, reviewer) => NeedsAnother(),
            _ => null,
        };

    public static ProblemHttpResult NeedsAnother() =>
        Refusal.Problem(
            StatusCodes.Status409Conflict,
            "second-opinion-needs-another",
            "A second opinion was asked for: somebody else must give it, by name."
        );

    public static ProblemHttpResult Changed() =>
        Refusal.Problem(
            StatusCodes.Status409Conflict,
            "review-changed",
            "The question has changed since it was read. Read it again."
        );

    public static ProblemHttpResult Taken() =>
        Refusal.Problem(
            StatusCodes.Status409Conflict,
            "review-claimed",
            "Another reviewer has claimed this question. Claim another, or wait until the claim ends."
        );
}
