using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Safeguarding.Bench.Hub;

/// <summary>One system of a made-up trust or council, calling the hub's public routes with its token.</summary>
internal sealed class HubClient(HttpClient http, string organisation)
{
    // Tokens last ten minutes.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private string? _token;
    private long _since;

    public string Organisation { get; } = organisation;

    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (_token is not null && Stopwatch.GetElapsedTime(_since) < Fresh)
            return _token;
        var client = Credentials(Organisation);
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", client.GetProperty("id").GetString()),
            new("client_secret", client.GetProperty("secret").GetString()),
            new(
                "scope",
                string.Join(' ', client.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()))
            ),
        ]);
        using var response = await http.PostAsync(
            new Uri(HubAddresses.Identity, "/connect/token"),
            form,
            cancellationToken
        );
        await ThrowUnlessFineAsync(response, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        (_token, _since) = (answer.GetProperty("access_token").GetString()!, Stopwatch.GetTimestamp());
        return _token;
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        Uri address,
        HttpContent? content,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
        return await http.SendAsync(request, cancellationToken);
    }

    public async Task<JsonElement> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, address, null, cancellationToken);
        await ThrowUnlessFineAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    public static async Task ThrowUnlessFineAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchFailedException(
                $"{response.RequestMessage?.Method} "
                    + $"{response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path)} answered "
                    + $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}"
            );
        }
    }

    private static JsonElement Credentials(string organisation)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(HubAddresses.CredentialsFile));
        return file
            .RootElement.GetProperty("clients")
            .EnumerateArray()
            .First(client =>
                client.GetProperty("organisation").GetString() == organisation && client.TryGetProperty("secret", out _)
            )
            .Clone();
    }
}
