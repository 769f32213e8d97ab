using Npgsql;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.EncounterIngest.Organisations;

/// <summary>Keeps the directory at the ODS file that was loaded last, through whichever replica that was.</summary>
internal sealed class FollowOds(
    OrganisationDirectory directory,
    NpgsqlDataSource source,
    TimeProvider clock,
    ILogger<FollowOds> logger
) : RecurringWork(TimeSpan.FromSeconds(15), clock, logger)
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private Guid? _known;

    /// <summary>Reads what was loaded since.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            // Before its rows: where another is loaded meanwhile, they are read once more.
            var release = await OdsTables.ReleaseAsync(source, cancellationToken);
            if (release is null || release == _known)
                return;
            directory.Follow(await OdsTables.ReadAsync(source, cancellationToken));
            _known = release;
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);
}
