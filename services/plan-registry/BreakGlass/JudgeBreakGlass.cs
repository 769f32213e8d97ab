using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.BreakGlass;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.BreakGlass;

/// <summary>The body of <c>POST /break-glass/{id}/judge</c>.</summary>
/// <param name="Verdict"><c>justified</c> or <c>not-justified</c>.</param>
/// <param name="Note">What came of it, at most 500 characters; needed where it was not justified.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BreakGlassJudgement(string? Verdict, string? Note);

/// <summary>A privacy officer judges a use of break-glass, once.</summary>
internal static class JudgeBreakGlass
{
    private const int LongestNote = 500;

    public static async Task<Results<Ok<BreakGlassView>, ProblemHttpResult>> Handle(
        Guid id,
        BreakGlassJudgement request,
        Caller caller,
        PlanRegistryDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        BreakGlassVerdict? verdict = request.Verdict switch
        {
            BreakGlassView.Justified => BreakGlassVerdict.Justified,
            BreakGlassView.NotJustified => BreakGlassVerdict.NotJustified,
            _ => null,
        };
        if (verdict is null)
            return Invalid("verdict-unknown", "verdict", "verdict must be justified or not-justified.");
        var note = request.Note?.Trim();
        if (note is { Length: > LongestNote })
            return Invalid("note-too-long", "note", "note must be at most 500 characters.");
        if (verdict is BreakGlassVerdict.NotJustified && string.IsNullOrEmpty(note))
            return Invalid("note-missing", "note", "Say in note what came of it.");

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockBreakGlassAsync(id, caller.Organisation, cancellationToken) is not { } use)
            return Refusal.NotFound();
        if (use.Judge(verdict.Value, note, caller.Person!.Subject, clock.GetUtcNow()) is { } error)
            return BreakGlassRefusal.Of(error);
        db.Audit(caller, "break-glass.judge", use.Id, reason: note);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(BreakGlassView.Of(use, clock.GetUtcNow()));
    }

    private static ProblemHttpResult Invalid(string code, string field, string detail) =>
        Refusal.Problem(StatusCodes.Status400BadRequest, code, detail, new FieldError(field, detail));
}
