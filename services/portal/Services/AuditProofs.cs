using System.Net.Http.Json;

namespace Safeguarding.Portal.Services;

/// <summary>A signed root of a service's audit, as far as it holds the organisation's own chain.</summary>
/// <param name="Service">Which service.</param>
/// <param name="Number">Of the root.</param>
/// <param name="At">When it was signed.</param>
/// <param name="Records">How many records of the organisation are under it.</param>
/// <param name="Root">The root, in hexadecimal.</param>
internal sealed record AuditProof(string Service, long Number, DateTimeOffset At, long? Records, string Root);

/// <summary>The newest signed root of each service's audit. Each answers in the same form.</summary>
/// <param name="http">Clients with the person's token.</param>
public sealed class AuditProofs(IHttpClientFactory http)
{
    internal async Task<IReadOnlyList<Part<AuditProof?>>> ReadAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(
            ServiceClients
                .All.Append(ServiceClients.SignIn)
                .Select(service => Part.OfAsync(ReadAsync(service.Name, cancellationToken)))
        );

    // Before the first hour is over there is none.
    private async Task<AuditProof?> ReadAsync(string service, CancellationToken cancellationToken)
    {
        using var client = http.CreateClient(service);
        try
        {
            var root = await client.GetFromJsonAsync<Root>(new Uri("audit/roots", UriKind.Relative), cancellationToken);
            return root is null ? null : new AuditProof(service, root.Number, root.At, root.Chain?.Records, root.Text);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private sealed record Root(
        long Number,
        DateTimeOffset At,
        [property: System.Text.Json.Serialization.JsonPropertyName("root")] string Text,
        Chain? Chain
    );

    private sealed record Chain(long Records);
}
