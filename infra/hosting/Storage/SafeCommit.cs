using Npgsql;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// COMMIT as its own command: a client that gives up waiting for a synchronous standby makes the server commit on one machine and
/// say so in a warning, while Npgsql returns as if all were well.
/// </summary>
internal static class SafeCommit
{
    private const string Warning = "01000";

    public static async Task CommitAsync(NpgsqlConnection connection)
    {
        var uncertain = false;
        void Noticed(object sender, NpgsqlNoticeEventArgs notice) => uncertain |= notice.Notice.SqlState == Warning;

        connection.Notice += Noticed;
        try
        {
            await using var commit = new NpgsqlCommand("COMMIT", connection) { CommandTimeout = 0 };
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

/// <summary>The commit may not have reached the standby. The answer is 503, and a repeat does no harm.</summary>
public sealed class CommitUncertainException() : Exception("The server warned during COMMIT: it is not certain that the write is on two machines.");
