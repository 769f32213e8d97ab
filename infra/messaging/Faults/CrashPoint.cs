using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Safeguarding.Messaging.Faults;

/// <summary>
/// Names a place where the death of the process would be dangerous, so that the fault suite can let it die exactly
/// there. Without the switch, which a start outside tests refuses, a call is a comparison that the compiler takes out.
/// </summary>
public static class CrashPoint
{
    /// <summary>Before a commit of a request or a consumer: nothing of it may be seen.</summary>
    public const string BeforeCommit = "before-commit";

    /// <summary>After a commit, before anybody has been notified of it.</summary>
    public const string AfterCommit = "after-commit";

    /// <summary>Outbox rows are leased and not sent.</summary>
    public const string AfterClaim = "after-claim-before-send";

    /// <summary>The broker has the batches, and the outbox does not know it.</summary>
    public const string AfterSend = "after-send-before-mark";

    /// <summary>The outbox knows that the broker has the batches.</summary>
    public const string AfterMark = "after-mark";

    /// <summary>The inbox has taken the events, and nothing was done about them.</summary>
    public const string AfterTake = "after-take-before-consume";

    /// <summary>The effects are committed, and the broker still holds the batch.</summary>
    public const string AfterConsume = "after-consume-before-acknowledge";

    /// <summary>A failing message is parked, and the broker still holds it.</summary>
    public const string AfterPark = "after-park-before-acknowledge";

    /// <summary>Batches are stored, and their sender was not notified.</summary>
    public const string BeforeAcknowledgement = "before-receipt";

    /// <summary>The broker has the acknowledgement.</summary>
    public const string AfterAcknowledgement = "after-receipt";

    /// <summary>Rows are deleted for an acknowledgement that the broker still holds.</summary>
    public const string AfterPurge = "after-forget-before-acknowledge";

    /// <summary>Deliveries are leased and not sent.</summary>
    public const string AfterDeliveryClaim = "after-delivery-claim-before-call";

    /// <summary>The council has answered, and nobody has written it down.</summary>
    public const string AfterDeliveryAnswer = "after-delivery-answer-before-record";

    /// <summary>The council's answer is written down.</summary>
    public const string AfterDeliveryRecord = "after-delivery-record";

    private const string Switch = "HUB_CRASH_AT";
    private const string TestEnvironment = "Testing";

    private static readonly (string Point, int Passage)? Armed = Read();
    private static int _passages;

    /// <summary>Says that the process is at a point.</summary>
    /// <param name="point">One of the constants here.</param>
    public static void Reached(string point)
    {
        if (Armed is { } armed && armed.Point == point && Interlocked.Increment(ref _passages) == armed.Passage)
            Die();
    }

    /// <summary>Refuses to start with the switch set anywhere but in a test.</summary>
    /// <param name="environment">Where the service runs.</param>
    /// <exception cref="InvalidOperationException">The switch is set, and this is not a test.</exception>
    public static void RefuseOutsideTests(IHostEnvironment environment)
    {
        if (
            Environment.GetEnvironmentVariable(Switch) is { Length: > 0 }
            && !environment.IsEnvironment(TestEnvironment)
        )
        {
            throw new InvalidOperationException(
                $"{Switch} kills this process and is for tests only: unset it, or set ASPNETCORE_ENVIRONMENT to "
                    + $"{TestEnvironment}."
            );
        }
    }

    private static (string, int)? Read()
    {
        if (
            Environment.GetEnvironmentVariable(Switch) is not { Length: > 0 } text
            || Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") != TestEnvironment
        )
        {
            return null;
        }

        var parts = text.Split('#');
        return (parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    // SIGKILL: nothing is flushed, closed or answered.
    private static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        self.WaitForExit();
    }
}
