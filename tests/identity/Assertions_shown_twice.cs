using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Identity.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

public sealed class Assertions_shown_twice(HubServers servers)
{
    private readonly ClientKey _key = ClientKey.Rsa("rx1-1");

    [Fact]
    public async Task The_second_time_is_refused_and_says_why()
    {
        using var ground = await GroundAsync();
        await using var service = TokenService.Start(ground);
        var assertion = new AnAssertion("rx1-epr", _key);

        Assert.NotNull((await service.Ask(assertion)).Token);
        var again = await service.Ask(assertion);

        Assert.Equal((401, "invalid_client"), (again.Status, again.Error));
        Assert.Contains("'jti'", again.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jti_in_a_newly_signed_assertion_is_refused_too()
    {
        using var ground = await GroundAsync();
        await using var service = TokenService.Start(ground);
        var first = new AnAssertion("rx1-epr", _key);
        await service.Ask(first);

        var second = new AnAssertion("rx1-epr", _key, "RS384").With(a =>
            a.Claims["jti"] = first.Claims["jti"]!.DeepClone()
        );

        Assert.Equal("invalid_client", (await service.Ask(second)).Error);
    }

    [Fact]
    public async Task Of_fifty_at_once_to_two_instances_exactly_one_gets_a_token()
    {
        using var ground = await GroundAsync();
        await using var one = TokenService.Start(ground);
        await using var other = TokenService.Start(ground);
        for (var round = 0; round < 3; round++)
        {
            var assertion = new AnAssertion("rx1-epr", _key);

            var answers = await Task.WhenAll(
                Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? one : other).Ask(assertion))
            );

            Assert.Single(answers, answer => answer.Token is not null);
            Assert.Equal(49, answers.Count(answer => answer is { Status: 401, Error: "invalid_client" }));
        }
    }

    [Fact]
    public async Task What_can_no_longer_be_used_is_forgotten_and_the_rest_is_kept()
    {
        using var ground = await GroundAsync();
        await using var service = TokenService.Start(ground);
        var assertion = new AnAssertion("rx1-epr", _key);
        await service.Ask(assertion);
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO identity.used_assertion VALUES ('rx1-epr', '\\x01', now() - interval '1 hour')",
            TestContext.Current.CancellationToken
        );

        await ActivatorUtilities
            .CreateInstance<Storage.PurgeExpired>(service.Services)
            .PurgeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, await db.UsedAssertions.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal("invalid_client", (await service.Ask(assertion)).Error);
    }

    [Fact]
    public async Task While_the_database_is_unavailable_no_token_is_issued_and_a_retry_succeeds()
    {
        using var ground = await GroundAsync();
        using var away = new Ground { ConnectionString = "Host=127.0.0.1;Port=9;Username=x;Timeout=2" };
        File.Copy(ground.ClientsFile, away.ClientsFile);
        await using var service = TokenService.Start(away, ("Migrations:AtStart", "false"));

        var answer = await service.Ask(new AnAssertion("rx1-epr", _key));

        Assert.Equal(503, answer.Status);
        Assert.Null(answer.Token);
        Assert.Equal(
            503,
            (int)(await service.Http.GetAsync("health/ready", TestContext.Current.CancellationToken)).StatusCode
        );
        Assert.Equal(
            200,
            (int)(await service.Http.GetAsync("health/live", TestContext.Current.CancellationToken)).StatusCode
        );
    }

    private Task<Ground> GroundAsync() =>
        Ground.CreateAsync(servers, Ground.Client("rx1-epr", "RX1", ["encounter.submit"], _key));
}
