using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Matching.Domain.Reviews;

namespace Safeguarding.Matching.Reviews;

/// <summary>
/// Who reviews, and what keeps them from a question: the person who is signed in, else the member of staff whom the
/// council's system names, else the system.
/// </summary>
/// <param name="Text">As it is kept and shown.</param>
/// <param name="Named">The name that came with the request; null where there was none.</param>
/// <param name="Person">Who is signed in; null for a system.</param>
internal sealed record Reviewer(string Text, string? Named, Person? Person)
{
    private const int LongestName = 100;
    private const int LongestReason = 500;

    /// <summary>Whether it is one member of staff. A system that names nobody may speak for all.</summary>
    public bool IsOnePerson => Person is not null || Named is not null;

    public static Reviewer Of(string? named, Caller caller)
    {
        var name = string.IsNullOrWhiteSpace(named) ? null : named.Trim();
        return new(caller.Person?.Signature(name) ?? name ?? caller.ClientId, name, caller.Person);
    }

    /// <summary>
    /// Whether it was this reviewer: by the person's subject, whatever name was given. Of who works by a system there
    /// is nothing but the name, which is Anna here and anna there.
    /// </summary>
    public bool Is(string? kept) => Person?.HasSigned(kept) ?? IsNamed(kept, Text);

    /// <summary>Whether it may have been: a person may have worked by the council's system before.</summary>
    public bool MayBe(string? kept) => Is(kept) || IsNamed(kept, Named);

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
    public static ProblemHttpResult? Keeps(Review review, Guid? claimId, Reviewer reviewer, DateTimeOffset now) =>
        review switch
        {
            { State: not ReviewState.Open } => Refusal.Problem(
                StatusCodes.Status409Conflict,
                "review-not-open",
                "This question has been decided or withdrawn."
            ),
            _ when review.ClaimedUntil > now && review.ClaimId != claimId => Taken(),
            _ when reviewer.MayBe(review.OpinionBy) => NeedsAnother(),
            _ => null,
        };

    private static bool IsNamed(string? kept, string? name) =>
        kept is not null && string.Equals(kept, name, StringComparison.OrdinalIgnoreCase);

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
