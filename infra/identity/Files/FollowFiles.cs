using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Audit;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Configuration;
using Safeguarding.Identity.Keys;
using Safeguarding.Identity.People;
using Safeguarding.Identity.Revoking;
using Safeguarding.Identity.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Identity.Files;

/// <summary>
/// Reads clients and keys at start, which stops a start with a bad file, and again whenever they change.
/// Polls contents: change notices do not cross container mounts.
/// </summary>
internal sealed partial class FollowFiles(
    ClientRegister clients,
    SigningKeys keys,
    ProviderRegister providers,
    RecordActs acts,
    IServiceScopeFactory scopes,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<FollowFiles> logger
) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        clients.Load();
        keys.Load();
        providers.Load();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The table is there once the migration, which starts after this, is done.
        var started = new TaskCompletionSource();
        await using var _ = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Pace, clock);
        var roles = new ConcurrentQueue<TakenFile>([Roles()]);
        var rulesChanged = true;
        do
        {
            clients.Reload();
            await TryTakeRegisteredKeysAsync(stoppingToken);
            await TryRevokeWithdrawnAsync(stoppingToken);
            keys.Reload();
            rulesChanged |= providers.Reload();
            await TryRecordAsync([roles, clients.Taken, providers.Taken], stoppingToken);
            if (rulesChanged)
                rulesChanged = !await TryEndWithoutRuleAsync(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // While they cannot be read, those that were read before count.
    private async Task TryTakeRegisteredKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            clients.Take(
                await ClientKeys.ReadAsync(scope.ServiceProvider.GetRequiredService<IdentityDb>(), cancellationToken)
            );
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            NotRead(logger, TransientFaults.Name(exception));
        }
    }

    // A release brings them.
    private static TakenFile Roles()
    {
        using var json = typeof(HubRoles).Assembly.GetManifestResourceStream("roles.json")!;
        using var content = new MemoryStream();
        json.CopyTo(content);
        return new TakenFile(ConfigurationActs.RolesTaken, content.ToArray(), "release", []);
    }

    private async Task TryRecordAsync(ConcurrentQueue<TakenFile>[] taken, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var files in taken)
            {
                while (files.TryPeek(out var file))
                {
                    await acts.TakenAsync(file, cancellationToken);
                    files.TryDequeue(out _);
                }
            }
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            NotRecorded(logger, TransientFaults.Name(exception));
        }
    }

    // What cannot be noted now is noted at the next turn.
    private async Task TryRevokeWithdrawnAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (clients.Withdrawn.TryPeek(out var client))
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope
                    .ServiceProvider.GetRequiredService<Revoker>()
                    .RevokeClientAsync(client.Id, cancellationToken);
                // A client of the same name that comes later begins with the keys that its operator gives it.
                if (clients.OfFile.All(known => known.Id != client.Id))
                {
                    await scope
                        .ServiceProvider.GetRequiredService<IdentityDb>()
                        .ClientKeys.Where(row => row.ClientId == client.Id)
                        .ExecuteDeleteAsync(cancellationToken);
                }

                await acts.DoneAsync(
                    context: null,
                    RecordActs.Of(client),
                    RecordActs.ClientWithdrawn,
                    Guid.Empty,
                    cancellationToken
                );
                clients.Withdrawn.TryDequeue(out _);
            }
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            NotNoted(logger, TransientFaults.Name(exception));
        }
    }

    private async Task<bool> TryEndWithoutRuleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var ended = await scope
                .ServiceProvider.GetRequiredService<Sessions>()
                .EndWithoutRuleAsync(
                    [.. providers.All.SelectMany(provider => provider.Rules).Select(rule => rule.Fingerprint)],
                    cancellationToken
                );
            if (ended > 0)
                Ended(logger, ended);
            return true;
        }
        catch (Exception exception) when (TransientFaults.IsDatabaseError(exception))
        {
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A client's tokens could not be revoked ({Error}); trying again in two seconds"
    )]
    private static partial void NotNoted(ILogger logger, string error);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Keys that organisations registered could not be read ({Error}); trying again in two seconds"
    )]
    private static partial void NotRead(ILogger logger, string error);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A change of clients or providers is not in the audit yet ({Error}); trying again in two seconds"
    )]
    private static partial void NotRecorded(ILogger logger, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} sessions ended: their rule has been withdrawn")]
    private static partial void Ended(ILogger logger, int count);
}
