using System.Net;

namespace Safeguarding.Bench.Baseline.Safe;

/// <summary>A webhook that is saved before it is sent, with what became of its attempts.</summary>
public sealed class OutgoingWebhook
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(6),
    ];

    public required Guid Id { get; init; }
    public required Guid EncounterId { get; init; }
    public required string Council { get; init; }
    public required byte[] Body { get; init; }

    public int Attempts { get; private set; }

    /// <summary>What the last attempt was answered; null where there was no answer.</summary>
    public HttpStatusCode? LastStatus { get; private set; }

    /// <summary>Null once it is delivered or given up.</summary>
    public required DateTimeOffset? NextAttemptAt { get; set; }
    public DateTimeOffset? DeliveredAt { get; private set; }

    public void Record(HttpStatusCode? status, DateTimeOffset now)
    {
        LastStatus = status;
        if (status is { } answer && (int)answer is >= 200 and < 300)
            (DeliveredAt, NextAttemptAt) = (now, null);
        else
            NextAttemptAt = Attempts < Waits.Length ? now + Waits[Attempts] : null;
        Attempts++;
    }
}
