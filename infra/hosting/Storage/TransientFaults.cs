using System.Data.Common;
using System.Net.Sockets;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// Failures that say that the database, or the key ring file, cannot be reached or cannot serve now: workers wait for it and go on. One that escapes ends the service.
/// Wider than <see cref="Inbox.Failure"/>, which must tell a poisoned message apart: a worker has none to park.
/// </summary>
public static class TransientFaults
{
    /// <summary>Whether it or what caused it is one: EF wraps a lost connection in an InvalidOperationException.</summary>
    // A name that does not resolve comes as a SocketException of its own.
    public static bool Explains(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is DbException or SocketException or TimeoutException or CommitUncertainException or KeyRingUnavailableException)
                return true;
        }

        return false;
    }

    /// <summary>What to log: the server's code, or the kind of failure.</summary>
    public static string Name(Exception exception) => (exception.GetBaseException() as DbException)?.SqlState ?? exception.GetBaseException().GetType().Name;
}
