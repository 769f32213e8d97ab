using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// Who did what to which thing, for whom and with what outcome. Written in the transaction of the act, never changed
/// and never deleted; holds ids and codes only. <see cref="AuditHash"/> says what of it is chained.
/// </summary>
public sealed class AuditRecord
{
    /// <summary>Sorts by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>ODS, GSS or force code of the caller's organisation; <c>none</c> where no token said.</summary>
    public required string Organisation { get; init; }

    /// <summary>The calling system; <c>nobody</c> where no token said.</summary>
    public required string ClientId { get; init; }

    /// <summary>The person for whom the system acts, by the provider's subject; null for a system alone.</summary>
    public string? Person { get; init; }

    /// <summary>The person's role; null for a system alone.</summary>
    public string? Role { get; init; }

    /// <summary>How surely the person was authenticated, such as <c>aal2</c>; null for a system alone.</summary>
    public string? Assurance { get; init; }

    /// <summary>
    /// The councils whose children the act concerns, where they are others than <see cref="Organisation"/>; null for
    /// none.
    /// </summary>
    public string[]? Concerning { get; init; }

    /// <summary>What it was done for, such as <c>safeguarding</c> (<see cref="AuditedActs"/>).</summary>
    public string? Purpose { get; init; }

    /// <summary>The lawful basis, by its code in <see cref="AuditedActs"/>.</summary>
    public string? LawfulBasis { get; init; }

    /// <summary>What was done, such as <c>plan.read</c>.</summary>
    public required string Act { get; init; }

    /// <summary>The kind of thing it was done to, such as <c>plan</c>; null in records of before 0.2.</summary>
    public string? SubjectType { get; init; }

    /// <summary>The thing it was done to; empty where the act is on no one thing.</summary>
    public required Guid Subject { get; init; }

    /// <summary>
    /// <c>success</c>, <c>empty</c> (nothing was found), or <c>refused</c>; null in records of before 0.2, which are
    /// of success.
    /// </summary>
    public string? Outcome { get; init; }

    /// <summary>Why it was refused: the stable code that the caller was answered.</summary>
    public string? Code { get; init; }

    /// <summary>How many such acts this record stands for; null for one.</summary>
    public int? Times { get; init; }

    /// <summary>Why, for acts that ask for a reason: sealed (<see cref="AuditReason"/>).</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The caller's <c>X-Request-Id</c>, or the one the hub answered with; null for the hub's own
    /// work.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>The caller's <c>X-Correlation-Id</c>, which several requests share; else the request id.</summary>
    public string? CorrelationId { get; init; }

    // The database numbers the rows for the sealer; nothing else knows the number.
    internal static void Configure(EntityTypeBuilder<AuditRecord> audit)
    {
        audit.HasKey(record => record.Id);
        audit.HasIndex(record => record.Subject);
    }
}
