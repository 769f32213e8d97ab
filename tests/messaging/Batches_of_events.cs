using System.Diagnostics;
using System.Text.Json;
using Safeguarding.Hosting.Tests;
using Safeguarding.Messaging.Outbox;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging.Tests;

/// <summary>How the events of a transaction become rows, and when a row is sent again.</summary>
public sealed class Batches_of_events
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 10, "1")]
    [InlineData(200, 10, "200")]
    [InlineData(201, 10, "200 1")]
    [InlineData(4, 131_072 - 100, "4")]
    [InlineData(5, 131_072 - 100, "4 1")]
    [InlineData(2, 600_000, "1 1")]
    public void A_row_holds_at_most_200_events_and_half_a_megabyte(int events, int letters, string rows)
    {
        var outgoing = Enumerable.Range(1, events).Select(n => Event(n, new string('a', letters))).ToList();

        var packed = OutboxRow.Batch(outgoing, Now).ToList();

        Assert.Equal(rows, string.Join(' ', packed.Select(row => Read(row).Count)));
        Assert.Equal(Enumerable.Range(1, events), packed.SelectMany(Read).Select(one => one.Event.Number));
        Assert.Equal(packed.Count, packed.Select(row => row.Id).Distinct().Count());
    }

    [Fact]
    public void A_row_says_of_each_event_when_it_was_published_and_which_trace_it_belongs_to()
    {
        var trace = new ActivityContext(
            ActivityTraceId.CreateFromString("4bf92f3577b34da6a3ce929d0e0e4736"),
            ActivitySpanId.CreateFromString("00f067aa0ba902b7"),
            ActivityTraceFlags.Recorded
        );

        var row = Assert.Single(
            OutboxRow.Batch(
                [
                    OutgoingEvent.Of(new NoteWritten(1, "one"), trace),
                    OutgoingEvent.Of(new NoteWritten(2, "two"), WithoutFlags(trace)),
                    OutgoingEvent.Of(new NoteWritten(3, "three"), default),
                ],
                Now
            )
        );

        Assert.Equal(
            [
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
                null,
            ],
            Read(row).Select(one => one.Trace)
        );
        Assert.All(Read(row), one => Assert.Equal(Now, one.At));
        Assert.Equal((Now, Now, 0, null), (row.CreatedAt, row.NextAttemptAt, row.Attempts, row.SentAt));
        Assert.Equal(typeof(NoteWritten).FullName, row.EventType);
        Assert.NotEmpty(row.Awaiting);
    }

    [Theory]
    [InlineData(1, 40, 1)]
    [InlineData(2, 80, 2)]
    [InlineData(4, 320, 8)]
    [InlineData(5, 640, 15)]
    [InlineData(6, 1280, 15)]
    [InlineData(7, 1800, 15)]
    [InlineData(10, 1800, 15)]
    [InlineData(11, 1800, 15)]
    [InlineData(500, 1800, 15)]
    public void Each_wait_is_twice_the_one_before_up_to_a_longest(int attempts, int sent, int failed) =>
        Assert.Equal(
            (sent, failed),
            (
                (int)OutboxSchedule.AfterSent(attempts).TotalSeconds,
                (int)OutboxSchedule.AfterFailure(attempts).TotalSeconds
            )
        );

    [Theory]
    [InlineData("", "", "", 0, 0, null)]
    [InlineData("sent sent", "1 2", "", 2, 0, null)]
    [InlineData("Unroutable Unroutable", "", "1 2", 0, 2, "Unroutable")]
    [InlineData("sent Refused sent Unroutable", "1 3", "2 4", 2, 2, "Refused")]
    public async Task What_the_broker_took_is_marked_sent_and_the_rest_is_given_back(
        string outcomes,
        string marked,
        string returned,
        int sent,
        int failed,
        string? failure
    )
    {
        var words = outcomes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var outbox = new Remembering(words.Length);

        var relayed = await RelayDue.RunAsync(
            outbox,
            (batch, _) => Task.FromResult(words[batch.Attempts - 1] is "sent" ? null : words[batch.Attempts - 1]),
            atMost: 64,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(new Relayed(sent, failed, failure), relayed);
        Assert.Equal((marked, returned), (outbox.Sent, outbox.Failed));
    }

    private static ActivityContext WithoutFlags(ActivityContext trace) =>
        new(trace.TraceId, trace.SpanId, ActivityTraceFlags.None);

    private static OutgoingEvent Event(int number, string text) =>
        OutgoingEvent.Of(new NoteWritten(number, text), default);

    private static List<Packed> Read(OutboxRow row) =>
        JsonSerializer.Deserialize<List<Packed>>(row.Body, JsonSerializerOptions.Web)!;

    private sealed record Packed(Guid Id, DateTimeOffset At, string? Trace, NoteWritten Event);

    /// <summary>Rows whose attempts number them.</summary>
    private sealed class Remembering(int rows) : IOutbox
    {
        public string Sent { get; private set; } = "";

        public string Failed { get; private set; } = "";

        public Task<List<ClaimedBatch>> ClaimAsync(int atMost, CancellationToken cancellationToken) =>
            Task.FromResult(
                Enumerable
                    .Range(1, rows)
                    .Select(n => new ClaimedBatch(Guid.CreateVersion7(), "type", new byte[1], n))
                    .ToList()
            );

        public Task MarkSentAsync(IReadOnlyCollection<ClaimedBatch> batches, CancellationToken cancellationToken)
        {
            Sent = Numbers(batches);
            return Task.CompletedTask;
        }

        public Task MarkFailedAsync(IReadOnlyCollection<ClaimedBatch> batches, CancellationToken cancellationToken)
        {
            Failed = Numbers(batches);
            return Task.CompletedTask;
        }

        private static string Numbers(IReadOnlyCollection<ClaimedBatch> batches)
        {
            Assert.NotEmpty(batches);
            return string.Join(' ', batches.Select(batch => batch.Attempts));
        }
    }
}
