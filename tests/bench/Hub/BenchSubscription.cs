using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.Bench.Sink;

namespace Safeguarding.Bench.Hub;

/// <summary>A webhook subscription of a council, as long as a bench runs.</summary>
internal static class BenchSubscription
{
    /// <summary>Makes it, so that the sink knows its secret.</summary>
    /// <param name="council">Whose.</param>
    /// <param name="name">Its name.</param>
    /// <param name="receiver">Which of the sink's receivers it goes to.</param>
    /// <param name="sink">The council's end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task MakeAsync(
        HubClient council,
        string name,
        string receiver,
        WebhookSink sink,
        CancellationToken cancellationToken
    )
    {
        // Made again, because the signing secret is shown only once.
        await DeleteAsync(council, name, cancellationToken);
        var made = await PutAsync(council, name, sink.AddressOf(receiver), cancellationToken);
        sink.Expect(receiver, made.GetProperty("secret").GetString()!);
    }

    /// <summary>Makes or moves it.</summary>
    /// <param name="council">Whose.</param>
    /// <param name="name">Its name.</param>
    /// <param name="url">Where to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<JsonElement> PutAsync(
        HubClient council,
        string name,
        Uri url,
        CancellationToken cancellationToken
    )
    {
        using var wish = JsonContent.Create(new { url });
        using var made = await council.SendAsync(HttpMethod.Put, AddressOf(name), wish, cancellationToken);
        await HubClient.ThrowUnlessFineAsync(made, cancellationToken);
        return await made.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <summary>Deletes it, where it is there.</summary>
    /// <param name="council">Whose.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task DeleteAsync(HubClient council, string name, CancellationToken cancellationToken)
    {
        using var gone = await council.SendAsync(HttpMethod.Delete, AddressOf(name), null, cancellationToken);
    }

    private static Uri AddressOf(string name) => new(HubAddresses.Notification, $"/subscriptions/{name}");
}
