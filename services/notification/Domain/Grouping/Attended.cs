namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>An attendance as rules see it: no name, no number, no status but one.</summary>
/// <param name="EncounterId">The encounter.</param>
/// <param name="At">When it began, or when the hub heard of it.</param>
/// <param name="Site">Site or, where none was named, trust; null where the hub cannot read it. Only ever
/// compared.</param>
/// <param name="LeftBeforeSeen">The child left before being seen.</param>
/// <param name="AlertId">The alert that tells of it.</param>
internal sealed record Attended(Guid EncounterId, DateTimeOffset At, string? Site, bool LeftBeforeSeen, Guid AlertId);
