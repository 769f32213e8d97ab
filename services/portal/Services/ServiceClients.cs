namespace Safeguarding.Portal.Services;

/// <summary>A service of the hub.</summary>
/// <param name="Name">As in its address.</param>
/// <param name="Setting">Where it is.</param>
/// <param name="Part">What people miss where it does not answer.</param>
internal sealed record HubService(string Name, string Setting, string Part);

/// <summary>The public APIs that the portal calls. The clients are made from docs/openapi when it is built.</summary>
internal static class ServiceClients
{
    // A page then says which part is missing, and shows the rest. A test event waits 15 s for the endpoint.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly HubService s_planRegistry = new("plan-registry", "Services:PlanRegistry", "Look-ups");
    private static readonly HubService s_encounterIngest = new(
        "encounter-ingest",
        "Services:EncounterIngest",
        "What trusts send"
    );
    private static readonly HubService s_matching = new("matching", "Services:Matching", "Reviews");
    private static readonly HubService s_notification = new("notification", "Services:Notification", "Alerts");

    public static IReadOnlyList<HubService> All { get; } =
    [s_planRegistry, s_encounterIngest, s_matching, s_notification];

    public static void AddServiceClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<ServiceHealth>();
        builder.Services.AddTransient<ParkedMessages>();
        builder.Services.AddSingleton<AuditTrail>();
        Add<PlanRegistry.Client>(builder, s_planRegistry);
        Add<EncounterIngest.Client>(builder, s_encounterIngest);
        Add<Matching.Client>(builder, s_matching);
        Add<Notification.Client>(builder, s_notification);
    }

    private static void Add<TClient>(WebApplicationBuilder builder, HubService service)
        where TClient : class
    {
        var address = new Uri(builder.Configuration[service.Setting]!);
        builder
            .Services.AddHttpClient<TClient>(service.Name, http =>
                (http.BaseAddress, http.Timeout) = (address, Patience)
            )
            .AddHttpMessageHandler(provider => new PersonsToken(
                provider.GetRequiredService<IHttpContextAccessor>(),
                service.Part
            ));
    }
}
