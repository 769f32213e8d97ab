using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// The request role's connections, beside the worker's, which are the service's <c>NpgsqlDataSource</c>.
/// </summary>
internal sealed class RequestSource(NpgsqlDataSource source) : IAsyncDisposable
{
    private const string StartOfServer = "SELECT pg_postmaster_start_time()";

    private long _serverStarted;

    public NpgsqlDataSource Source => source;

    /// <summary>
    /// The worker has a new connection. Where it leads to another server than the one before, or to one that was
    /// started again, those that wait here lead nowhere: the next request would be the one to find out.
    /// </summary>
    public void Seen(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(StartOfServer, connection);
        Seen((DateTime)command.ExecuteScalar()!);
    }

    /// <inheritdoc cref="Seen(NpgsqlConnection)"/>
    public async Task SeenAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(StartOfServer, connection);
        Seen((DateTime)(await command.ExecuteScalarAsync())!);
    }

    private void Seen(DateTime serverStarted)
    {
        var before = Interlocked.Exchange(ref _serverStarted, serverStarted.Ticks);
        if (before != 0 && before != serverStarted.Ticks)
            source.Clear();
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}

/// <summary>
/// Lets a request's context work as the request role, and says in each transaction whose request it is: with the first
/// statement, so that it costs no round trip. A statement without a transaction of its own and the one before it are of
/// one implicit transaction.
/// </summary>
internal sealed class RequestRole(RequestSource request) : IDbConnectionInterceptor, IDbCommandInterceptor
{
    private const string Says =
        "SELECT set_config('hub.organisation', @hub_organisation, true), set_config('hub.across', @hub_across, true)";

    private const string First = $"{Says};\n";

    public InterceptionResult<DbConnection> ConnectionCreating(
        ConnectionCreatingEventData eventData,
        InterceptionResult<DbConnection> result
    ) =>
        eventData.Context is HubDbContext { RowsOf: not null }
            ? InterceptionResult<DbConnection>.SuppressWithResult(request.Source.CreateConnection())
            : result;

    public async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        // What saves changes counts its statements.
        if (eventData.CommandSource is CommandSource.SaveChanges)
            await SayAsync(eventData.Context, cancellationToken);
        else
            SayFirst(command, eventData.Context);
        return result;
    }

    public async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        DbDataReader result,
        CancellationToken cancellationToken = default
    )
    {
        if (command.CommandText.StartsWith(First, StringComparison.Ordinal))
            await result.NextResultAsync(cancellationToken);
        return result;
    }

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        SayFirst(command, eventData.Context);
        return ValueTask.FromResult(result);
    }

    public async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result,
        CancellationToken cancellationToken = default
    )
    {
        await SayAsync(eventData.Context, cancellationToken);
        return result;
    }

    /// <summary>Says it by a statement of its own, where the open transaction does not know yet.</summary>
    public static async Task SayAsync(DbContext? context, CancellationToken cancellationToken)
    {
        if (Unsaid(context) is not { } db)
            return;
        await using var command = new NpgsqlCommand(Says, (NpgsqlConnection)db.Database.GetDbConnection());
        AddParameters(command, db.Rows!);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void SayFirst(DbCommand command, DbContext? context)
    {
        if (Unsaid(context) is not { } db)
            return;
        command.CommandText = First + command.CommandText;
        AddParameters(command, db.Rows!);
    }

    private static HubDbContext? Unsaid(DbContext? context)
    {
        if (context is not HubDbContext { RowsOf: not null } db)
            return null;
        var transaction = db.Database.CurrentTransaction;
        if (transaction is not null && ReferenceEquals(transaction, db.Said))
            return null;
        db.Said = transaction;
        return db;
    }

    private static void AddParameters(DbCommand command, RowScope rows)
    {
        command.Parameters.Add(new NpgsqlParameter<string>("hub_organisation", rows.Organisation!));
        command.Parameters.Add(new NpgsqlParameter<string>("hub_across", rows.Across));
    }
}
