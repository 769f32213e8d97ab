namespace Safeguarding.Hosting.Audit;

/// <summary>Whose audit it is.</summary>
/// <param name="Name">The service's name, such as <c>plan-registry</c>: in its signed roots.</param>
/// <param name="Schema">Where its tables are.</param>
internal sealed record AuditedService(string Name, string Schema);
