namespace Safeguarding.Cli;

/// <summary>How a verb ends: the same numbers for every verb, so that scripts can trust them.</summary>
internal static class ExitCode
{
    /// <summary>Done; for a question: all is well.</summary>
    public const int Well = 0;

    /// <summary>Not done, or what was asked about needs somebody.</summary>
    public const int NeedsYou = 1;

    /// <summary>Invalid arguments; nothing was changed.</summary>
    public const int Misused = 2;

    /// <summary>The hub is not running.</summary>
    public const int NotRunning = 3;

    /// <summary>What was asked about (<c>prove</c>, <c>audit verify</c>) could not be checked.</summary>
    public const int CouldNotCheck = 4;
}

/// <summary>Ends a verb with a sentence for the operator.</summary>
internal sealed class RefusedException(string message, int code = ExitCode.NeedsYou) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>A value that the verb cannot take.</summary>
    public static RefusedException Misused(string message) => new(message, ExitCode.Misused);
}
