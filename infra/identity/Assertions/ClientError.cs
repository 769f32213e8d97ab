namespace Safeguarding.Identity.Assertions;

/// <summary>Why a client is not let in.</summary>
/// <param name="Description">In words that name the part at fault and quote nothing of it.</param>
/// <param name="IsMalformed">Whether no client could be let in so; else it is this one that is not believed.</param>
internal sealed record ClientError(string Description, bool IsMalformed)
{
    public static ClientError Malformed(string description) => new(description, IsMalformed: true);

    public static ClientError Untrusted(string description) => new(description, IsMalformed: false);
}
