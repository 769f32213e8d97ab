using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Rules;

/// <summary>
/// A new version of the council's rules, for encounters that are matched from now on. Try it first with
/// <c>POST /rules/dry-run</c>.
/// </summary>
internal static class PutRules
{
    internal static async Task<Results<Ok<RulesView>, ProblemHttpResult>> Handle(
        AlertRules rules,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (Refused(rules) is { } refusal)
            return refusal;
        var last = await db
            .AlertRuleSets.AsNoTracking()
            .Where(set => set.CouncilCode == caller.Organisation)
            .OrderByDescending(set => set.Version)
            .FirstOrDefaultAsync(cancellationToken);
        if (last is not null && Text(last.Rules) == Text(rules))
            return TypedResults.Ok(RulesView.Of(last));

        var now = clock.GetUtcNow().AsStored();
        var made = new AlertRuleSet
        {
            CouncilCode = caller.Organisation,
            Version = (last?.Version ?? 0) + 1,
            Id = Guid.CreateVersion7(now),
            Rules = rules,
            MadeAt = now,
            MadeBy = caller.ClientId,
        };
        db.Add(made);
        db.Audit(caller, "rules.change", made.Id);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(RulesView.Of(made));
    }

    public static ProblemHttpResult? Refused(AlertRules rules) =>
        ValidateRules.Errors(rules) is { Count: > 0 } errors
            ? Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "rules-unusable",
                "The rules cannot be used as they are: see errors. Nothing is changed.",
                [.. errors]
            )
            : null;

    private static string Text(AlertRules rules) => JsonSerializer.Serialize(rules, HubJson.Options);
}

/// <param name="Version">Which version; 0 is none.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="MadeBy">By which system of the council.</param>
/// <param name="Rules">The rules.</param>
internal sealed record RulesView(long Version, DateTimeOffset? MadeAt, string? MadeBy, AlertRules Rules)
{
    public static RulesView Of(AlertRuleSet? set) =>
        new(set?.Version ?? 0, set?.MadeAt, set?.MadeBy, set?.Rules ?? AlertRules.None);
}
