using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class Behind_a_proxy(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "203.0.113.9", "https", "127.0.0.1 http")]
    [InlineData("127.0.0.1", "203.0.113.9", "https", "203.0.113.9 https")]
    [InlineData("127.0.0.0/8", "203.0.113.9", "https", "203.0.113.9 https")]
    [InlineData("10.0.0.0/24", "203.0.113.9", "https", "127.0.0.1 http")]
    [InlineData("::1", "203.0.113.9", "https", "127.0.0.1 http")]
    [InlineData("10.0.0.4, 127.0.0.1", "203.0.113.9, 10.0.0.4", "https, http", "203.0.113.9 https")]
    [InlineData("127.0.0.1", "203.0.113.9, 198.51.100.7", "https, https", "198.51.100.7 https")]
    [InlineData("127.0.0.1, 10.0.0.4", "203.0.113.9, 198.51.100.7", "https, https", "198.51.100.7 https")]
    public async Task Forwarded_headers_are_believed_of_the_proxies_that_are_named_only(
        string trusted,
        string forwardedFor,
        string proto,
        string seen
    )
    {
        await using var service = await SampleService.StartAsync(servers, null, ("Hub:TrustedProxies", trusted));
        using var client = service.Client("note.write");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", proto);
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "attacker.example");

        var answer = await client.GetFromJsonAsync<JsonElement>("/seen", Cancelled);

        Assert.Equal(seen, answer.GetProperty("caller").GetString());
        Assert.DoesNotContain("attacker", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "/made/1", null)]
    [InlineData("https://hub.example", "/made/1", "https://hub.example")]
    [InlineData("https://hub.example/notes/", "/notes/made/1", "https://hub.example/notes")]
    public async Task A_location_begins_with_the_path_of_the_public_address(string set, string location, string? root)
    {
        await using var service = await SampleService.StartAsync(servers, null, ("Hub:PublicUrl", set));
        using var client = service.Client("note.write");

        var answer = await client.PostAsync("/made", null, Cancelled);
        var seen = await client.GetFromJsonAsync<JsonElement>("/seen", Cancelled);

        Assert.Equal((HttpStatusCode.Created, location), (answer.StatusCode, answer.Headers.Location!.ToString()));
        Assert.Equal(root ?? service.Address.ToString().TrimEnd('/'), seen.GetProperty("address").GetString());
    }

    [Theory]
    [InlineData("Hub:PublicUrl", "hub.example", "Hub__PublicUrl")]
    [InlineData("Hub:PublicUrl", "https://hub.example/?a=b", "Hub__PublicUrl")]
    [InlineData("Hub:TrustedProxies", "proxy.example", "Hub__TrustedProxies")]
    [InlineData("Fhir:PublicUrl", "https://hub.example/fhir", "Hub__PublicUrl")]
    public async Task A_wrong_address_stops_the_start_and_is_named(string setting, string value, string named)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            SampleService.StartAsync(servers, null, (setting, value))
        );

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }
}
