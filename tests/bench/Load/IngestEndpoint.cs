namespace Safeguarding.Bench.Load;

/// <summary>Where encounters are posted, and as whom.</summary>
/// <param name="Encounters">The address of <c>POST /fhir/Encounter</c>.</param>
/// <param name="Token">Bearer token, or null where none is asked for.</param>
internal sealed record IngestEndpoint(Uri Encounters, string? Token);
