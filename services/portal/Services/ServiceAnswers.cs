namespace Safeguarding.Portal.Services;

/// <summary>What a service answered instead of what was asked for, as a page shows it.</summary>
internal abstract class ServiceAnswerException(string message) : Exception(message);

/// <summary>It does not answer, or not as it should.</summary>
/// <param name="part">What people miss: <c>Alerts</c>.</param>
internal sealed class ServiceUnavailableException(string part) : ServiceAnswerException($"{part} cannot be reached")
{
    public string Part { get; } = part;
}

/// <summary>There is no such thing, or it is not this person's to see: the same to look at.</summary>
internal sealed class NotFoundException() : ServiceAnswerException("not found");

/// <summary>The person may not do this.</summary>
internal sealed class ForbiddenException() : ServiceAnswerException("forbidden");

/// <summary>The person's token is refused: the session has ended at identity.</summary>
internal sealed class SessionEndedException() : ServiceAnswerException("the session has ended");
