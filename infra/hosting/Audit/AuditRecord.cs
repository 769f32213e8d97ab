using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Safeguarding.Hosting.Access;

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
    /// The councils whose children the act concerns, or the organisation whose people, where they are others than
    /// <see cref="Organisation"/>; null for none.
    /// </summary>
    public string[]? Concerning { get; init; }

    /// <summary>
    /// What it was done for: what the caller said, such as <c>direct-care</c>, or <c>safeguarding</c> and the like by
    /// the act (<see cref="AuditedActs"/>).
    /// </summary>
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
    public int? Times { get; internal set; }

    /// <summary>Why, for acts that ask for a reason: sealed (<see cref="AuditReason"/>).</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The caller's <c>X-Request-Id</c>, or the one the hub answered with; null for the hub's own
    /// work.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>The caller's <c>X-Correlation-Id</c>, which several requests share; else the request id.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>A record of an act, with what is known of it.</summary>
    /// <param name="caller">Who acts.</param>
    /// <param name="act">One of <see cref="AuditedActs"/>.</param>
    /// <param name="subject">The thing it is done to; empty where there is no one thing.</param>
    /// <param name="at">When.</param>
    /// <param name="outcome">One of <see cref="AuditOutcome"/>.</param>
    /// <param name="code">Why it was refused.</param>
    /// <param name="reason">The caller's reason, sealed.</param>
    /// <param name="concerning">The organisations whose children or people it concerns.</param>
    /// <param name="purpose">What the caller says it is for; that of the act when null.</param>
    internal static AuditRecord Of(
        Caller caller,
        string act,
        Guid subject,
        DateTimeOffset at,
        string outcome = AuditOutcome.Success,
        string? code = null,
        string? reason = null,
        IEnumerable<string>? concerning = null,
        string? purpose = null
    )
    {
        var known = AuditedActs.Get(act);
        string[] others =
        [
            .. (concerning ?? [])
                .Where(council => council != caller.Organisation)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        return new AuditRecord
        {
            Id = Guid.CreateVersion7(at),
            At = at,
            Organisation = caller.Organisation,
            ClientId = caller.ClientId,
            Person = caller.Person?.Subject,
            Role = caller.Person?.Role,
            Assurance = caller.Person?.Assurance.ToString().ToLowerInvariant(),
            Concerning = others is [] ? null : others,
            Purpose = purpose ?? known?.Purpose,
            LawfulBasis = known?.LawfulBasis,
            Act = act,
            SubjectType = known?.SubjectType,
            Subject = subject,
            Outcome = outcome,
            Code = code,
            Reason = reason,
            RequestId = caller.Request?.RequestId,
            CorrelationId = caller.Request?.CorrelationId,
        };
    }

    // The database numbers the rows for the sealer; nothing else knows the number.
    internal static void Configure(EntityTypeBuilder<AuditRecord> audit)
    {
        audit.HasKey(record => record.Id);
        audit.HasIndex(record => record.Subject);
    }
}
