using System.Diagnostics;

namespace Safeguarding.Messaging;

/// <summary>A trace context as text.</summary>
public static class TraceParent
{
    /// <summary>As W3C's <c>traceparent</c> has it; null where there is no trace.</summary>
    /// <param name="trace">The context.</param>
    public static string? Of(ActivityContext trace)
    {
        if (trace.TraceId == default)
            return null;
        var flags = trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00";
        return $"00-{trace.TraceId}-{trace.SpanId}-{flags}";
    }
}
