using System.Net.Sockets;
using Npgsql;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.Hosting.Inbox;

/// <summary>Tells a failure of what we stand on from a failure of the message.</summary>
internal static class Failure
{
    public static bool IsInfrastructure(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                // 57P01..03: the server shuts down or starts; 53xxx: out of connections, memory or disk; 25006: a standby answers.
                case PostgresException postgres:
                    return postgres.IsTransient || postgres.SqlState is "25006" || postgres.SqlState.StartsWith("53", StringComparison.Ordinal);
                case NpgsqlException or SocketException or TimeoutException or KeyRingUnavailableException or CommitUncertainException:
                    return true;
            }
        }

        return false;
    }
}
