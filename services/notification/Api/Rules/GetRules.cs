using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Rules;

/// <summary>The council's rules as they stand, or as they were in a version that an alert names.</summary>
internal static class GetRules
{
    internal static async Task<Results<Ok<RulesView>, ProblemHttpResult>> Handle(
        Caller caller,
        NotificationDb db,
        CancellationToken cancellationToken,
        long? version = null
    )
    {
        var set = await db
            .AlertRuleSets.AsNoTracking()
            .Where(known => known.CouncilCode == caller.Organisation && (version == null || known.Version == version))
            .OrderByDescending(known => known.Version)
            .FirstOrDefaultAsync(cancellationToken);
        return set is null && version > 0 ? Refusal.NotFound() : TypedResults.Ok(RulesView.Of(set));
    }
}
