using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// Tells a failure of what the hub depends on (the database, the key ring file) from a failure of the work itself. EF
/// wraps a lost connection in an InvalidOperationException, so causes count too.
/// </summary>
public static class TransientFaults
{
    // 28 and 3D000: a server that is being restored or given new passwords; 57014 is a statement's own time-out, and
    // says nothing.
    private static readonly string[] UnavailableClasses = ["08", "28", "53", "57", "58"];

    /// <summary>
    /// Whether the database or the key ring cannot be reached or cannot serve now: the same work will succeed
    /// later.
    /// </summary>
    /// <param name="exception">The failure.</param>
    public static bool IsUnavailable(Exception exception) =>
        Causes(exception)
            .Any(cause =>
                cause switch
                {
                    PostgresException postgres => IsUnavailable(postgres),
                    // A name that does not resolve comes as a SocketException of its own.
                    NpgsqlException
                    or SocketException
                    or TimeoutException
                    or DependencyUnavailableException
                    or CommitUncertainException => true,
                    _ => false,
                }
            );

    /// <summary>
    /// As <see cref="IsUnavailable(Exception)"/>, or any other error that the database answers. Workers, who have no
    /// message to park, wait for either and go on; one that neither explains ends the service.
    /// </summary>
    /// <param name="exception">The failure.</param>
    public static bool IsDatabaseError(Exception exception) =>
        IsUnavailable(exception) || Causes(exception).Any(cause => cause is DbException);

    /// <summary>What to log: the server's code, or the kind of failure.</summary>
    public static string Name(Exception exception) =>
        (exception.GetBaseException() as DbException)?.SqlState ?? exception.GetBaseException().GetType().Name;

    private static bool IsUnavailable(PostgresException postgres) =>
        postgres.IsTransient
        || postgres.SqlState is "25006" or "3D000"
        || (
            UnavailableClasses.Contains(postgres.SqlState[..2]) && postgres.SqlState != PostgresErrorCodes.QueryCanceled
        );

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }
}
