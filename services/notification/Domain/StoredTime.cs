namespace Safeguarding.Notification.Domain;

/// <summary>
/// Postgres keeps microseconds. A time that is compared with a stored one, or shown before it is stored, must
/// have no more.
/// </summary>
internal static class StoredTime
{
    public static DateTimeOffset AsStored(this DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    public static DateTimeOffset? AsStored(this DateTimeOffset? time) => time?.AsStored();
}
