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

    private static readonly HubService s_planRegistry = new(
        "plan-registry",
        "Services:PlanRegistry",
        "Plans and look-ups"
    );
    private static readonly HubService s_encounterIngest = new(
        "encounter-ingest",
        "Services:EncounterIngest",
        "What trusts send"
    );
    private static readonly HubService s_matching = new("matching", "Services:Matching", "Reviews");
    private static readonly HubService s_notification = new("notification", "Services:Notification", "Alerts");

    public static IReadOnlyList<HubService> All { get; } =
    [s_planRegistry, s_encounterIngest, s_matching, s_notification];

    /// <summary>Who signed in is in its audit; it is where the portal reads its metadata.</summary>
    public static HubService SignIn { get; } = new("identity", "Identity:Issuers:0:Issuer", "Sign-in and clients");

    /// <summary>The service of that name.</summary>
    /// <param name="name">As in its address.</param>
    public static HubService Get(string name) => All.Single(service => service.Name == name);

    public static void AddServiceClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<ServiceHealth>();
        builder.Services.AddSingleton<OrganisationNameCache>();
        builder.Services.AddTransient<OrganisationNames>();
        builder.Services.AddTransient<ParkedMessages>();
        builder.Services.AddTransient<RefusedItems>();
        builder.Services.AddTransient<FlowSteps>();
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton<AuditProofs>();
        builder.Services.AddSingleton<EncounterChecks>();
        builder.Services.AddSingleton<SubjectAccessAnswers>();
        Add<PlanRegistry.Client>(builder, s_planRegistry);
        Add<UploadClient>(builder, s_planRegistry, Timeout.InfiniteTimeSpan);
        Add<EncounterIngest.Client>(builder, s_encounterIngest);
        Add<Matching.Client>(builder, s_matching);
        Add<Notification.Client>(builder, s_notification);
        WithToken(
            builder.Services.AddHttpClient<Identity.Client>(
                typeof(Identity.Client).FullName!,
                To(AddressOfIdentity(builder.Configuration), Patience)
            ),
            SignIn
        );
        foreach (var service in All)
            WithToken(builder.Services.AddHttpClient(service.Name, To(builder, service, Patience)), service);
        WithToken(
            builder.Services.AddHttpClient(SignIn.Name, To(AddressOfIdentity(builder.Configuration), Patience)),
            SignIn
        );
    }

    private static void Add<TClient>(WebApplicationBuilder builder, HubService service, TimeSpan? patience = null)
        where TClient : class =>
        WithToken(
            builder.Services.AddHttpClient<TClient>(
                typeof(TClient).FullName!,
                To(builder, service, patience ?? Patience)
            ),
            service
        );

    private static Action<HttpClient> To(WebApplicationBuilder builder, HubService service, TimeSpan patience) =>
        To(new Uri(builder.Configuration[service.Setting]!), patience);

    private static Action<HttpClient> To(Uri address, TimeSpan patience) =>
        http => (http.BaseAddress, http.Timeout) = (address, patience);

    /// <summary>Where the portal reaches identity, which in a private network is not where browsers do.</summary>
    /// <param name="configuration">The portal's.</param>
    public static Uri AddressOfIdentity(IConfiguration configuration) =>
        configuration["Identity:Issuers:0:Metadata"] is { Length: > 0 } metadata
            ? new Uri(new Uri(metadata), "/")
            : new Uri(configuration[SignIn.Setting]!);

    private static void WithToken(IHttpClientBuilder client, HubService service) =>
        client.AddHttpMessageHandler(provider => new PersonsToken(
            provider.GetRequiredService<IHttpContextAccessor>(),
            service.Part
        ));
}
