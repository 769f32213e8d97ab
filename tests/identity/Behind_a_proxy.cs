using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

public sealed class Behind_a_proxy(HubServers servers)
{
    private static readonly ClientKey Key = ClientKey.Rsa("k");

    [Theory]
    [InlineData("127.0.0.1", "https", "https://id.example/connect/token", 200)]
    [InlineData("127.0.0.1", "https", "https://hub.example/identity/connect/token", 200)]
    [InlineData("127.0.0.1", "https", "https://attacker.example/connect/token", 401)]
    [InlineData("127.0.0.1", "http", "https://id.example/connect/token", 400)]
    [InlineData("", "https", "https://id.example/connect/token", 400)]
    [InlineData("10.0.0.0/24", "https", "https://id.example/connect/token", 400)]
    public async Task Only_a_trusted_proxy_can_say_that_the_caller_came_by_https(
        string trusted,
        string proto,
        string audience,
        int status
    )
    {
        using var ground = await Ground.CreateAsync(
            servers,
            Ground.Client("rx1-epr", "RX1", ["encounter.submit"], Key)
        );
        await using var service = TokenService.Start(
            ground,
            ("Identity:Issuer", "https://id.example/"),
            ("Identity:AllowHttp", "false"),
            ("Hub:PublicUrl", "https://hub.example/identity"),
            ("Hub:TrustedProxies", trusted)
        );
        service.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", proto);
        service.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        service.Http.DefaultRequestHeaders.Add("X-Forwarded-Host", "attacker.example");

        var answer = await service.Ask(new AnAssertion("rx1-epr", Key).With(a => a.Claims["aud"] = audience));

        Assert.True(status == answer.Status, answer.Status + answer.Description);
    }
}
