using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Safeguarding.Hosting.Storage;

/// <summary>Who did what to which thing. Written in the transaction of the act; holds ids only.</summary>
public sealed class AuditRecord
{
    /// <summary>Sorts by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>ODS, GSS or force code of the caller's organisation.</summary>
    public required string Organisation { get; init; }

    /// <summary>The calling system.</summary>
    public required string ClientId { get; init; }

    /// <summary>What was done, such as <c>plan.read</c>.</summary>
    public required string Act { get; init; }

    /// <summary>The thing it was done to.</summary>
    public required Guid Subject { get; init; }

    /// <summary>Why, in an operator's words, for acts that ask for a reason.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The caller's <c>X-Request-Id</c>, or the one the hub answered with; null for the hub's own
    /// work.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>The caller's <c>X-Correlation-Id</c>, which several requests share; else the request id.</summary>
    public string? CorrelationId { get; init; }

    internal static void Configure(EntityTypeBuilder<AuditRecord> audit)
    {
        audit.HasKey(record => record.Id);
        audit.HasIndex(record => record.Subject);
    }
}
