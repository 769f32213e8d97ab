namespace Safeguarding.Portal.Services;

/// <summary>The public APIs that the portal calls. The clients are made from docs/openapi when it is built.</summary>
internal static class ServiceClients
{
    // Shorter than people wait: a page then says which part is missing, and shows the rest.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void AddServiceClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        Add<Notification.Client>(builder, "Services:Notification", "Alerts");
        Add<PlanRegistry.Client>(builder, "Services:PlanRegistry", "Plans and look-ups");
        Add<UploadClient>(builder, "Services:PlanRegistry", "Plans and look-ups", Timeout.InfiniteTimeSpan);
        Add<Matching.Client>(builder, "Services:Matching", "Reviews");
    }

    private static void Add<TClient>(
        WebApplicationBuilder builder,
        string setting,
        string part,
        TimeSpan? patience = null
    )
        where TClient : class
    {
        var address = new Uri(builder.Configuration[setting]!);
        builder
            .Services.AddHttpClient<TClient>(typeof(TClient).FullName!, http =>
                (http.BaseAddress, http.Timeout) = (address, patience ?? Patience)
            )
            .AddHttpMessageHandler(provider => new PersonsToken(
                provider.GetRequiredService<IHttpContextAccessor>(),
                part
            ));
    }
}
