namespace Safeguarding.Messaging;

/// <summary>
/// Something that the service depends on cannot be reached now; the same work will succeed later. A consumer that
/// throws it is tried again until it succeeds, and its message is not parked.
/// </summary>
/// <param name="message">What is unavailable; never personal data.</param>
/// <param name="cause">The failure behind it.</param>
public abstract class DependencyUnavailableException(string message, Exception? cause = null)
    : Exception(message, cause);
