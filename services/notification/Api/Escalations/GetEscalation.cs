using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Escalations;

/// <summary>The council's escalation document, and what in it leads nowhere.</summary>
internal static class GetEscalation
{
    internal static async Task<Results<Ok<EscalationView>, ProblemHttpResult>> Handle(
        string code,
        Caller caller,
        NotificationDb db,
        CancellationToken cancellationToken
    )
    {
        if (code != caller.Organisation)
            return PutEscalation.NotYours();
        var policy = await db
            .EscalationPolicies.AsNoTracking()
            .SingleOrDefaultAsync(known => known.CouncilCode == code, cancellationToken);
        return TypedResults.Ok(EscalationView.Of(policy, await db.SubscriptionNamesAsync(code, cancellationToken)));
    }
}
