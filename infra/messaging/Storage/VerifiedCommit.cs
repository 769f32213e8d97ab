using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// COMMIT as its own command: a client that gives up waiting for a synchronous standby makes the server commit on one
/// machine and say so in a warning, while Npgsql returns as if all were well.
/// </summary>
internal static class VerifiedCommit
{
    private const string Warning = "01000";

    /// <param name="connection">Whose transaction is committed.</param>
    /// <param name="timeout">Seconds, 0 for none; the connection string's when null.</param>
    public static async Task CommitAsync(NpgsqlConnection connection, int? timeout)
    {
        var uncertain = false;
        void Noticed(object sender, NpgsqlNoticeEventArgs notice) => uncertain |= notice.Notice.SqlState == Warning;

        connection.Notice += Noticed;
        try
        {
            await using var commit = new NpgsqlCommand("COMMIT", connection);
            commit.CommandTimeout = timeout ?? commit.CommandTimeout;
            await commit.ExecuteNonQueryAsync(CancellationToken.None);
        }
        finally
        {
            connection.Notice -= Noticed;
        }

        if (uncertain)
            throw new CommitUncertainException();
    }
}

/// <summary>Every transaction that EF commits, so that no answer of any service rests on an uncertain one.</summary>
internal sealed class VerifiedCommitInterceptor : DbTransactionInterceptor
{
    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        await VerifiedCommit.CommitAsync((NpgsqlConnection)transaction.Connection!, timeout: null);
        return InterceptionResult.Suppress();
    }
}

/// <summary>The commit may not have reached the standby. The answer is 503, and a repeat does no harm.</summary>
public sealed class CommitUncertainException()
    : Exception("The server warned during COMMIT: it is not certain that the write is on two machines.");
