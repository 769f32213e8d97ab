using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// Deletes records that are older than they are kept (<c>Audit__RetentionYears</c>), from the front of the chains, up
/// to the heads of a signed root that is as old: that root shows what the chains went on from. Without roots nothing
/// is deleted.
/// </summary>
internal sealed partial class PurgeAudit(
    NpgsqlDataSource source,
    AuditedService service,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<PurgeAudit> logger
) : RecurringWork(TimeSpan.FromHours(1), clock, logger)
{
    /// <summary>Fewer years are no setting, and the database deletes nothing that is younger.</summary>
    public const int FewestYears = 6;

    private const int Years = 8;
    private const int MostYears = 100;
    private const string Setting = "Audit:RetentionYears";

    private readonly string _schema = service.Schema;

    /// <summary>What is wrong with the setting; null where nothing is.</summary>
    public static string? ValidationErrors(IConfiguration configuration) =>
        configuration[Setting] is null or ""
        || (int.TryParse(configuration[Setting], out var years) && years is >= FewestYears and <= MostYears)
            ? null
            : $"Audit__RetentionYears must be between {FewestYears} and {MostYears}.";

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var years = configuration[Setting] is { Length: > 0 } ? configuration.GetValue<int>(Setting) : Years;
        var before = Clock.GetUtcNow().AddYears(-years);
        while (await PurgeAsync(before, cancellationToken)) { }
    }

    /// <summary>
    /// Up to the next root, in a transaction of its own: the chains begin at a root's heads at all times.
    /// </summary>
    private async Task<bool> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Another replica does it; whoever comes next finds what is left.
        await using var turn = new NpgsqlCommand(
            $"SELECT pg_try_advisory_xact_lock(hashtextextended('{_schema}.audit_purge', 0))",
            connection
        );
        if (await turn.ExecuteScalarAsync(cancellationToken) is not true)
            return false;
        await using var next = new NpgsqlCommand(
            $"""
            SELECT root.line FROM {_schema}.audit_root AS root JOIN {_schema}.audit_seal AS seal
                ON root.number > seal.purged_to_root
            WHERE root.at < $1
            ORDER BY root.number LIMIT 1
            """,
            connection
        );
        next.Parameters.Add(new() { Value = before });
        if (await next.ExecuteScalarAsync(cancellationToken) is not string line)
            return false;
        var root = AuditRoot.Parse(line);
        await using var purge = new NpgsqlCommand($"SELECT {_schema}.purge_audit($1, $2, $3)", connection)
        {
            CommandTimeout = 0,
        };
        purge.Parameters.Add(new() { Value = root.Number });
        purge.Parameters.Add(new() { Value = root.Heads.Select(head => head.Organisation).ToArray() });
        purge.Parameters.Add(new() { Value = root.Heads.Select(head => head.Position).ToArray() });
        var purged = (long)(await purge.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(CancellationToken.None);
        if (purged > 0)
            Purged(Logger, purged, root.Number);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Count} old audit records, up to root {Root}")]
    private static partial void Purged(ILogger logger, long count, long root);
}
