using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Safeguarding.Hosting.Access;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class Deciding_access(HubServers servers)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Codes = ["RXX", "E09000012", "43", "HUB", "nobody's"];

    /// <summary>Every organisation, role, scope, assurance and age of a sign-in there is: nothing else opens.</summary>
    [Fact]
    public void A_person_may_what_the_role_opens_by_a_sign_in_sure_and_fresh_enough()
    {
        var scopes = HubRoles.Scopes.Select(scope => scope.Scope).Append("no.scope").ToHashSet();
        string[] names = [.. HubRoles.All.Select(role => role.Role).Distinct(), "no-role"];
        var opened = 0;
        var cases =
            from code in Codes
            from name in names
            from scope in scopes
            from assurance in Enum.GetValues<AssuranceLevel>()
            from hours in (int[])[0, 10, 11]
            select (code, name, scope, assurance, TimeSpan.FromHours(hours));
        foreach (var (code, name, scope, assurance, age) in cases)
        {
            // With every scope in the token: what it lacks is refused by itself.
            var caller = new Caller("portal", code, scopes)
            {
                Person = new Person("test|1", name, assurance, Now - age, "s1"),
            };
            var role = HubRoles.All.SingleOrDefault(one =>
                one.Role == name && one.Organisations.Any(kind => kind == OrganisationKinds.Of(code))
            );
            var may =
                role is { Assurance: { } needed, SignInLasts: { } lasts }
                && role.Scopes.Contains(scope)
                && assurance >= needed
                && age <= lasts;
            Assert.Equal(may, DecideAccess.WhyNot(caller, scope, Now) is null);
            Assert.IsType<AccessRefusal.ScopeMissing>(
                DecideAccess.WhyNot(caller with { Scopes = new HashSet<string>() }, scope, Now)
            );
            opened += may ? 1 : 0;
        }

        Assert.True(opened > 100, $"{opened} opened");
        Assert.NotNull(DecideAccess.WhyNot(null, "ops", Now));
    }

    [Fact]
    public void A_system_may_what_its_kind_of_organisation_can_be_given_and_no_more()
    {
        foreach (var (scope, code) in from one in HubRoles.Scopes from code in Codes select (one, code))
        {
            var system = new Caller("epr", code, new HashSet<string> { scope.Scope });
            var refusal = DecideAccess.WhyNot(system, scope.Scope, Now);
            var isItsKind = OrganisationKinds.Of(code) is { } kind && scope.Organisations.Contains(kind);
            Assert.Equal(isItsKind && !scope.OnlyPeople, refusal is null);
            Assert.Equal(scope.OnlyPeople, refusal is AccessRefusal.OnlyPeople);
        }
    }

    [Fact]
    public void A_scope_opens_what_it_includes_to_systems_and_to_no_person_whose_role_lacks_it()
    {
        var wider = new Caller("epr", "RXX", new HashSet<string> { "encounter.submit" });
        Assert.Null(DecideAccess.WhyNot(wider, "encounter.validate", Now));
        Assert.IsType<AccessRefusal.ScopeMissing>(
            DecideAccess.WhyNot(
                wider with
                {
                    Scopes = new HashSet<string> { "encounter.validate" },
                },
                "encounter.submit",
                Now
            )
        );
        var person = new Person("test|1", "governance", AssuranceLevel.Aal2, Now, "s1");
        Assert.NotNull(DecideAccess.WhyNot(wider with { Person = person }, "encounter.validate", Now));
    }

    [Theory]
    [InlineData("aal1", 0, "sign-in-too-weak", "acr_values=\"aal2\"")]
    [InlineData("aal2", 660, "sign-in-too-old", "max_age=\"36000\"")]
    [InlineData("aal2", 0, null, null)]
    public async Task A_person_is_refused_with_what_a_new_sign_in_must_be(
        string acr,
        int minutesAgo,
        string? code,
        string? challenge
    )
    {
        await using var service = await SampleService.StartAsync(servers);
        using var client = service.WithToken(
            servers.Issuer.PersonToken(
                "RXX",
                "clinician-unscheduled",
                acr: acr,
                signedInAt: TimeProvider.System.GetUtcNow().AddMinutes(-minutesAgo)
            )
        );

        using var answer = await client.GetAsync("/me", TestContext.Current.CancellationToken);

        Assert.Equal(code is null ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
        if (code is null)
            return;
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Contains(challenge!, answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing said", "say none of RequireScope, RequireToken and AllowAnonymous")]
    [InlineData("any token", "say none of RequireScope, RequireToken and AllowAnonymous")]
    [InlineData("no handler of its own", "say none of RequireScope, RequireToken and AllowAnonymous")]
    [InlineData("no act", "say no Audits")]
    public async Task A_route_without_scope_or_act_ends_the_start_before_anybody_is_listened_to(
        string route,
        string what
    )
    {
        var port = FreePort.Next();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            SampleService.StartAsync(servers, settings: [("OpenRoute", route), ("Port", $"{port}")])
        );
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.Contains("/open", refused.Message, StringComparison.Ordinal);
        using var socket = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() =>
            socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken).AsTask()
        );
    }
}
