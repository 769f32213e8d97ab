namespace Safeguarding.Portal.Services;

/// <summary>The public APIs that the portal calls. The clients are made from docs/openapi when it is built.</summary>
internal static class ServiceClients
{
    // A page then says which part is missing, and shows the rest. A test event waits 15 s for the endpoint.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void AddServiceClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        Add<Notification.Client>(builder, "Services:Notification", "Alerts");
        Add<PlanRegistry.Client>(builder, "Services:PlanRegistry", "Look-ups");
        Add<Matching.Client>(builder, "Services:Matching", "Reviews");
    }

    private static void Add<TClient>(WebApplicationBuilder builder, string setting, string part)
        where TClient : class
    {
        var address = new Uri(builder.Configuration[setting]!);
        builder
            .Services.AddHttpClient<TClient>(setting, http => (http.BaseAddress, http.Timeout) = (address, Patience))
            .AddHttpMessageHandler(provider => new PersonsToken(
                provider.GetRequiredService<IHttpContextAccessor>(),
                part
            ));
    }
}
