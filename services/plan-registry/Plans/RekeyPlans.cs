using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging.Storage;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>
/// Keys by birth date the plans that a release wrote which does not key them: those of before an upgrade, and what its
/// replicas write while both run. Nothing that a council sees changes, so neither does the plan's version.
/// </summary>
internal sealed partial class RekeyPlans(
    IServiceScopeFactory scopes,
    Sealer sealer,
    TimeProvider clock,
    ILogger<RekeyPlans> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    private const int AtOnce = 500;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanRegistryDb>();
        var (keyed, unopened) = (0, 0);
        for (Guid? last = Guid.Empty; last is { } after; )
        {
            var plans = await db
                .Plans.AsNoTracking()
                .Where(plan => plan.Id > after && plan.KeyedVersion < plan.Version && plan.Subject != null)
                .OrderBy(plan => plan.Id)
                .Take(AtOnce)
                .ToListAsync(cancellationToken);
            var opened = plans.FindAll(TryKey);
            unopened += plans.Count - opened.Count;
            if (opened.Count > 0)
                keyed += await WriteAsync(db, opened, cancellationToken);
            last = plans.Count == AtOnce ? plans[^1].Id : null;
        }

        if (keyed > 0)
            Keyed(Logger, keyed);
        if (unopened > 0)
            NotOpened(Logger, unopened);
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    // One plan whose seal key is lost must not keep the others from being found.
    private bool TryKey(Plan plan)
    {
        try
        {
            plan.KeyBy(SealedFacts.BirthDateMac(sealer.Open(plan.SealedSubject), sealer));
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return false;
        }
    }

    // Who changes a plan just now keys it, and must not wait for this nor this for it.
    private static Task<int> WriteAsync(PlanRegistryDb db, List<Plan> plans, CancellationToken cancellationToken)
    {
        var ids = plans.ConvertAll(plan => plan.Id).ToArray();
        var macs = plans.ConvertAll(plan => plan.BirthDateMac is { } mac ? Convert.ToHexString(mac) : null).ToArray();
        var versions = plans.ConvertAll(plan => plan.Version).ToArray();
        return db.Database.ExecuteSqlAsync(
            $"""
            UPDATE plan_registry.plan SET birth_date_mac = decode(keyed.mac, 'hex'), keyed_version = keyed.version
            FROM unnest({ids}, {macs}, {versions}) AS keyed (id, mac, version)
                JOIN (SELECT id FROM plan_registry.plan WHERE id = ANY({ids}) FOR UPDATE SKIP LOCKED) AS free USING (id)
            WHERE plan.id = keyed.id AND plan.version = keyed.version
            """,
            cancellationToken
        );
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Plans} plans were keyed by birth date")]
    private static partial void Keyed(ILogger logger, int plans);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Plans} plans cannot be opened and are not found by birth date; a key may be missing from the ring"
    )]
    private static partial void NotOpened(ILogger logger, int plans);
}
