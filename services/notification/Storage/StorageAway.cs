using System.Data.Common;
using System.Net.Sockets;

namespace Safeguarding.Notification.Storage;

/// <summary>Failures that say that the database cannot be reached or cannot serve now: the workers wait for it and go on.</summary>
internal static class StorageAway
{
    // A name that does not resolve comes as a SocketException of its own.
    public static bool Explains(Exception exception) => exception is DbException or SocketException or TimeoutException;
}
