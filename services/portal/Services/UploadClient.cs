namespace Safeguarding.Portal.Services;

/// <summary>The plan registry, for a file: it takes as long as the file takes to come.</summary>
/// <param name="http">Without a time limit of its own; the browser's request ends it.</param>
public sealed class UploadClient(HttpClient http) : PlanRegistry.Client(http);
