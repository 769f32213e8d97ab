namespace Safeguarding.Hosting.Audit;

/// <summary>How an act ended.</summary>
public static class AuditOutcome
{
    /// <summary>It was done.</summary>
    public const string Success = "success";

    /// <summary>It was done, and there was nothing to show.</summary>
    public const string Empty = "empty";

    /// <summary>It was refused: <see cref="AuditRecord.Code"/> says why.</summary>
    public const string Refused = "refused";
}
