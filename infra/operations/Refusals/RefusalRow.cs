using System.Text.Json.Serialization;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.Operations.Refusals;

/// <summary>
/// One thing that a route refused: an encounter, a line of an upload. It holds no personal data, and nothing that was
/// submitted.
/// </summary>
/// <param name="Organisation">Whose it was, from its token: ODS code of a trust, GSS code of a council.</param>
/// <param name="Route">Where it was sent, such as <c>POST /fhir/Encounter</c>: the route's pattern, never an address
/// with values in it.</param>
/// <param name="Code">Why, the stable code that the sender was answered.</param>
/// <param name="Path">The element or the line and column at fault, by names and numbers only; null where none can be
/// named.</param>
/// <param name="Subjects">
/// Keyed digests (<see cref="Sealer.Mac(string, string)"/>, with the organisation in the text) of the business
/// identifiers of what was refused: what is accepted later under one of them closes the row. Empty where none could be
/// read.
/// </param>
/// <param name="RequestId">The request's id, by which the sender finds it; null for none.</param>
public sealed record RefusedItem(
    string Organisation,
    string Route,
    string Code,
    string? Path,
    IReadOnlyList<byte[]> Subjects,
    string? RequestId
);

/// <summary>A refusal as its organisation reads it.</summary>
/// <param name="Id">Sorts by time; <c>after</c> of the next page.</param>
/// <param name="At">When it was refused.</param>
/// <param name="Route">Where it was sent.</param>
/// <param name="Code">The code that was answered.</param>
/// <param name="Path">The element, or line and column, at fault.</param>
/// <param name="RequestId">The <c>X-Request-Id</c> of the request.</param>
/// <param name="Subject">Keyed digest of the business identifier, in hex: the same text is the same thing refused
/// again.</param>
/// <param name="AcceptedAt">When the same thing was accepted later; null while it is still missing.</param>
public sealed record RefusalRow(
    Guid Id,
    DateTimeOffset At,
    [property: JsonPropertyName("door")] string Route,
    string Code,
    string? Path,
    string? RequestId,
    string? Subject,
    DateTimeOffset? AcceptedAt
);

/// <summary>One page of an organisation's refusals.</summary>
/// <param name="Refusals">Oldest first.</param>
/// <param name="Next"><c>after</c> of the next page; null where this is the last.</param>
/// <param name="Counts">How many were refused by code in the time asked for, those of which no row was kept
/// included.</param>
public sealed record RefusalPage(
    IReadOnlyList<RefusalRow> Refusals,
    Guid? Next,
    IReadOnlyDictionary<string, long> Counts
);

/// <summary>What was refused of an organisation of late, for a person who looks.</summary>
/// <param name="Codes">Those of the last four weeks, the most frequent of the last seven days first.</param>
/// <param name="Refusals">The newest 50, the newest first.</param>
public sealed record RefusalSummary(IReadOnlyList<RefusedCode> Codes, IReadOnlyList<RefusalRow> Refusals)
{
    internal const int Newest = 50;
}

/// <summary>How often one code was answered.</summary>
/// <param name="Code">The code that was answered.</param>
/// <param name="Refused">In the last seven days.</param>
/// <param name="Usual">In a week, on average over the three weeks before.</param>
/// <param name="Missing">Of those that are kept, how many of the last seven days have not been accepted since.</param>
/// <param name="LastAt">When it was answered last; to the hour where none of the last seven days is kept.</param>
/// <param name="Path">The element, or line and column, that was most often at fault.</param>
public sealed record RefusedCode(
    string Code,
    long Refused,
    double Usual,
    long Missing,
    DateTimeOffset LastAt,
    string? Path
);
