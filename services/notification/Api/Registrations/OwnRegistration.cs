using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain.Registrations;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Registrations;

/// <summary>A reason that somebody gives for what they do about a registration.</summary>
/// <param name="Reason">Why: 1 to 500 characters. It is sealed.</param>
internal sealed record ReasonGiven(string? Reason)
{
    private const int Longest = 500;

    /// <returns>Null where it will do.</returns>
    public ProblemHttpResult? Validate() =>
        string.IsNullOrWhiteSpace(Reason) || Reason.Length > Longest
            ? Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "reason-missing",
                $"A reason is needed, of at most {Longest} characters.",
                new FieldError("reason", $"must be 1 to {Longest} characters")
            )
            : null;
}

internal static class OwnRegistration
{
    /// <summary>Null where there is none and where it is another council's: both look alike from outside.</summary>
    public static Task<RegistrationNotice?> LockAsync(
        NotificationDb db,
        Guid id,
        Caller caller,
        CancellationToken cancellationToken
    ) =>
        db
            .RegistrationNotices.FromSql(
                $"SELECT * FROM notification.registration_notice WHERE id = {id} AND council_code = {caller.Organisation} FOR UPDATE"
            )
            .SingleOrDefaultAsync(cancellationToken);
}
