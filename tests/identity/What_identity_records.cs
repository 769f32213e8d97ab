using Npgsql;
using Safeguarding.Hosting.Audit;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>
/// Every token, sign-in, sign-out and refusal leaves an audit record, chained like those of the
/// services.
/// </summary>
public sealed class What_identity_records(HubServers servers)
{
    private static readonly ClientKey PortalKey = ClientKey.Rsa("portal-1");
    private static readonly ClientKey Key = ClientKey.Rsa("rx1-1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_act_of_systems_and_people_leaves_one_record_that_says_who_and_how_it_ended()
    {
        using var ground = await Ground.CreateAsync(servers, Application(), System());
        await using var identity = TokenService.StartForPeople(ground);
        var portal = new Portal(identity, PortalKey);
        using var browser = new Browser(portal.Identity);

        Assert.Equal(200, (await SystemAsync(portal)).Status);
        Assert.Equal(400, (await SystemAsync(portal, "plan.read")).Status);
        Assert.Equal(401, (await SystemAsync(portal, client: "rx1-nobody")).Status);
        var tokens = await portal.Tokens("p05");
        var renewed = await portal.Refresh(tokens);
        Assert.Equal(403, (await portal.SignIn(browser, "p18")).Status);
        Assert.Equal(403, (await portal.SignIn(browser, "p20")).Status);
        await browser.Get($"/connect/endsession?id_token_hint={renewed.Text("id_token")}");
        await identity.Rewrite(ground, Application());

        Assert.Equal(
            [
                "token.issue RX1 rx1-epr - - - success -",
                "token.issue RX1 rx1-epr - - - refused invalid_scope",
                "token.issue none nobody - - - refused invalid_client",
                "session.begin E08999901 portal development|p05 duty-worker aal2 success -",
                "token.issue E08999901 portal development|p05 duty-worker aal2 success -",
                "session.begin E08999901 portal development|p18 reviewer aal1 refused assurance",
                "session.begin none nobody - - - refused no-rule",
                "session.end E08999901 portal development|p05 duty-worker aal2 success -",
                "client.withdraw RX1 rx1-epr - - - success -",
            ],
            await Eventually.UntilAsync(() => RecordsAsync(ground), records => records.Count == 9)
        );
        await Eventually.UntilAsync(
            async () =>
            {
                await using var source = NpgsqlDataSource.Create(ground.ConnectionString);
                var check = new AuditCheck(source, "identity", lines: null, key: null);
                await foreach (var fault in check.RunAsync(Cancelled))
                    Assert.Fail(fault.ToString());
                return check.Records;
            },
            chained => chained == 9
        );
    }

    [Fact]
    public async Task A_token_that_cannot_be_recorded_is_not_issued()
    {
        using var ground = await Ground.CreateAsync(servers, Application(), System());
        await using var identity = TokenService.StartForPeople(ground);
        var portal = new Portal(identity, PortalKey);
        Assert.Equal(200, (await SystemAsync(portal)).Status);
        await using var source = NpgsqlDataSource.Create(ground.ConnectionString);
        await using (var command = source.CreateCommand("ALTER TABLE identity.audit_record RENAME TO elsewhere"))
            await command.ExecuteNonQueryAsync(Cancelled);

        var refused = await SystemAsync(portal);

        Assert.Equal(503, refused.Status);
    }

    private static System.Text.Json.Nodes.JsonObject Application() => Ground.Application(Portal.Id, PortalKey);

    private static System.Text.Json.Nodes.JsonObject System() =>
        Ground.Client("rx1-epr", "RX1", ["encounter.submit"], Key);

    private static async Task<TokenAnswer> SystemAsync(Portal portal, string? scope = null, string client = "rx1-epr")
    {
        var assertion = new AnAssertion(client, Key);
        assertion.Claims["aud"] = $"{portal.Identity}connect/token";
        using var http = new HttpClient();
        using var content = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = assertion.ToString(),
                ["scope"] = scope ?? "",
            }
        );
        using var response = await http.PostAsync(new Uri(portal.Identity, "connect/token"), content, Cancelled);
        return await TokenAnswer.ReadAsync(response);
    }

    private static async Task<List<string>> RecordsAsync(Ground ground)
    {
        await using var source = NpgsqlDataSource.Create(ground.ConnectionString);
        await using var command = source.CreateCommand(
            """
            SELECT concat_ws(' ', act, organisation, client_id, coalesce(person, '-'), coalesce(role, '-'),
                coalesce(assurance, '-'), outcome, coalesce(code, '-'))
            FROM identity.audit_record ORDER BY number
            """
        );
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var records = new List<string>();
        while (await reader.ReadAsync(Cancelled))
            records.Add(reader.GetString(0));
        return records;
    }
}
