using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Says every few seconds, by the database's clock, that the body of an upload still comes in here. Where nothing was
/// said for a while the rest will never come. No connection is held meanwhile.
/// </summary>
internal sealed class UploadHeartbeat : IAsyncDisposable
{
    /// <summary>Some beats may be lost to a restart of the database.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source;
    private readonly Guid _uploadId;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _beating;

    public UploadHeartbeat(NpgsqlDataSource source, Guid uploadId)
    {
        (_source, _uploadId) = (source, uploadId);
        _beating = BeatAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _beating;
        _stopping.Dispose();
    }

    private async Task BeatAsync(CancellationToken stopping)
    {
        // The machine's time, as it is the database's that is compared.
        using var ticks = new PeriodicTimer(Pace, TimeProvider.System);
        try
        {
            while (await ticks.WaitForNextTickAsync(stopping))
                await BeatOnceAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The body is in, or was given up.
        }
    }

    private async Task BeatOnceAsync(CancellationToken stopping)
    {
        try
        {
            await using var beat = _source.CreateCommand(
                "UPDATE plan_registry.upload SET heard_at = clock_timestamp() WHERE id = $1 AND state = 'Receiving'"
            );
            beat.Parameters.AddValues(_uploadId);
            await beat.ExecuteNonQueryAsync(stopping);
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            // Readiness says that the database is unavailable; the next beat may reach it.
        }
    }
}
