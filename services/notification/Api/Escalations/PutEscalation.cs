using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Alerts;
using Safeguarding.Hosting.Access;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Escalations;

/// <summary>
/// Sets whom the council wants notified of an alert that nobody acknowledges. Holds for alerts raised from now on;
/// those open keep the steps they were raised with.
/// </summary>
internal static class PutEscalation
{
    internal static async Task<Results<Ok<EscalationView>, ProblemHttpResult>> Handle(
        string code,
        EscalationDocument document,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (code != caller.Organisation)
            return NotYours();
        var subscriptions = await db.SubscriptionNamesAsync(code, cancellationToken);
        if (ValidateEscalation.Errors(document, subscriptions) is { Count: > 0 } errors)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "escalation-unusable",
                "The document cannot be used as it is: see errors. Nothing is changed.",
                [.. errors]
            );
        }

        var policy = await db.EscalationPolicies.SingleOrDefaultAsync(
            known => known.CouncilCode == code,
            cancellationToken
        );
        if (policy is null)
        {
            db.Add(
                policy = new EscalationPolicy
                {
                    CouncilCode = code,
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    Document = document,
                }
            );
        }
        else if (Text(policy.Document) == Text(document))
        {
            return TypedResults.Ok(EscalationView.Of(policy, subscriptions));
        }

        policy.Version++;
        (policy.Document, policy.ChangedAt) = (document, clock.GetUtcNow().AsStored());
        db.Audit(caller, "escalation.change", policy.Id);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(EscalationView.Of(policy, subscriptions));
    }

    public static ProblemHttpResult NotYours() =>
        Refusal.Problem(
            StatusCodes.Status403Forbidden,
            "not-your-council",
            "A council sets and reads its own escalation only: the code must be that of the token."
        );

    public static async Task<HashSet<string>> SubscriptionNamesAsync(
        this NotificationDb db,
        string councilCode,
        CancellationToken cancellationToken
    ) =>
        [
            .. await db
                .Subscriptions.Where(subscription =>
                    subscription.CouncilCode == councilCode
                    && (subscription.Types == null || subscription.Types.Contains(AlertSignalTypes.Raised))
                )
                .Select(subscription => subscription.Name)
                .ToListAsync(cancellationToken),
        ];

    private static string Text(EscalationDocument document) => JsonSerializer.Serialize(document, HubJson.Options);
}
