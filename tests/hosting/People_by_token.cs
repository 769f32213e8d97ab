using System.Net;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class People_by_token(HubServers servers)
{
    private static readonly Claim[] Complete =
    [
        new("client_id", "portal"),
        new("organisation", "RXX"),
        new("scope", "lookup.person"),
        new("sub", "test|1"),
        new("role", "clinician-unscheduled"),
        new("acr", "aal2"),
        new("auth_time", "1795900000"),
        new("sid", "s1"),
    ];

    public static TheoryData<string, string?> Parts { get; } =
        new()
        {
            { "sub", null },
            { "sid", null },
            { "acr", null },
            { "acr", "AAL2_OR_AAL3_ANY" },
            { "auth_time", null },
            { "auth_time", "yesterday" },
            { "auth_time", "-1" },
            { "auth_time", "9223372036854775807" },
        };

    [Fact]
    public async Task A_service_sees_who_the_person_is_and_a_system_is_none()
    {
        await using var service = await SampleService.StartAsync(servers);
        var signedIn = DateTimeOffset.FromUnixTimeSeconds(
            TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeSeconds()
        );

        var person = await Me(
            service,
            servers.Issuer.PersonToken("RXX", "clinician-unscheduled", "7", "aal3", signedIn)
        );

        Assert.Equal("test|RXX-clinician-unscheduled-7", (string?)person!["subject"]);
        Assert.Equal("clinician-unscheduled", (string?)person["role"]);
        Assert.Equal("aal3", (string?)person["assurance"]);
        Assert.Equal(signedIn, (DateTimeOffset)person["authenticatedAt"]!);
        Assert.Equal("session-RXX-clinician-unscheduled-7", (string?)person["sessionId"]);
        Assert.Null(await Me(service, servers.Issuer.Token("RXX", "note.write"), "/system"));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task A_person_of_whom_a_part_is_missing_is_refused_and_never_a_system(string part, string? instead)
    {
        await using var service = await SampleService.StartAsync(servers);
        var claims = Complete
            .Where(claim => claim.Type != part || instead is not null)
            .Select(claim => claim.Type == part ? new Claim(part, instead!) : claim)
            .ToArray();

        using var answer = await service
            .WithToken(servers.Issuer.Token(TimeSpan.FromMinutes(5), claims))
            .GetAsync("/me", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("person-incomplete", (string?)problem["code"]);
    }

    private static async Task<JsonNode?> Me(SampleService service, string token, string route = "/me")
    {
        using var client = service.WithToken(token);
        var text = await client.GetStringAsync(route, TestContext.Current.CancellationToken);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
