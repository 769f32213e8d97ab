using System.Runtime.CompilerServices;
using Xunit;

namespace Safeguarding.TestKit;

/// <summary>Waits for a condition with a deadline, and says the last state seen when it does not come.</summary>
public static class Eventually
{
    // Reached only where the condition does not come: on a busy machine all takes several times as long.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);

    /// <summary>The first value that satisfies the condition.</summary>
    public static async Task<T> UntilAsync<T>(
        Func<Task<T>> read,
        Func<T, bool> until,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(until))] string condition = ""
    )
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        while (true)
        {
            var last = await read();
            if (until(last))
                return last;
            if (clock.GetElapsedTime(started) > (within ?? Deadline))
                Assert.Fail($"Not within {within ?? Deadline}: {condition}. Last seen: {last?.ToString() ?? "null"}");
            await Task.Delay(Step);
        }
    }

    /// <summary>Waits until the condition holds.</summary>
    public static Task UntilAsync(
        Func<Task<bool>> condition,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    ) => UntilAsync(condition, holds => holds, within, what);
}
