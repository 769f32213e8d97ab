namespace Safeguarding.MatchFiles;

/// <summary>A file or argument that cannot be used; the message says why and quotes no row.</summary>
internal sealed class BadFileException(string message) : Exception(message);
