namespace Safeguarding.Portal.Services;

/// <summary>How a service says that it is, without anybody's token.</summary>
/// <param name="Service">Its name, as in its address.</param>
/// <param name="IsReady">Whether it answers and has its database.</param>
/// <param name="SendsItsEvents">Whether its outbox moves; null where it does not answer or has none.</param>
internal sealed record ServiceState(string Service, bool IsReady, bool? SendsItsEvents);

/// <summary>Asks the services' health checks.</summary>
/// <param name="http">Clients without a token.</param>
/// <param name="configuration">Where the services are.</param>
public sealed class ServiceHealth(IHttpClientFactory http, IConfiguration configuration)
{
    // A service that is well answers within milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    internal async Task<IReadOnlyList<ServiceState>> AskAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(
            ServiceClients
                .All.Select(service =>
                    (service.Name, Address: new Uri(configuration[service.Setting]!), HasOutbox: true)
                )
                .Append(
                    (
                        Name: ServiceClients.SignIn.Name,
                        Address: ServiceClients.AddressOfIdentity(configuration),
                        HasOutbox: false
                    )
                )
                .Select(async service =>
                {
                    var ready = await IsWellAsync(new Uri(service.Address, "health/ready"), cancellationToken);
                    bool? outbox = service.HasOutbox
                        ? await IsWellAsync(new Uri(service.Address, "health/outbox"), cancellationToken)
                        : null;
                    return new ServiceState(service.Name, ready is true, outbox);
                })
        );

    private async Task<bool?> IsWellAsync(Uri check, CancellationToken cancellationToken)
    {
        using var client = http.CreateClient();
        client.Timeout = Patience;
        try
        {
            using var answer = await client.GetAsync(check, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return null;
        }
    }
}
