using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>Why a request gets 503: the queue is full, or it is not certain that it was stored.</summary>
internal sealed class NotStoredException(IssueKind kind, Exception? inner = null) : Exception(kind.Code, inner)
{
    public IssueKind Kind { get; } = kind;
}
