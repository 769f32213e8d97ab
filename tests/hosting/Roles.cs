using Safeguarding.Hosting.Access;

namespace Safeguarding.Hosting.Tests;

/// <summary>The file of roles holds together, and opens nothing to the wrong kind of organisation.</summary>
public sealed class Roles
{
    private const OrganisationKind Trust = OrganisationKind.Trust;
    private const OrganisationKind Council = OrganisationKind.Council;
    private const OrganisationKind Police = OrganisationKind.Police;
    private const OrganisationKind Hub = OrganisationKind.Hub;

    public static TheoryData<string, OrganisationKind> Expected { get; } =
        new()
        {
            { "clinician-unscheduled", Trust },
            { "clinician-scheduled", Trust },
            { "safeguarding-lead", Trust },
            { "integration", Trust },
            { "integration-engineer", Trust },
            { "duty-worker", Council },
            { "reviewer", Council },
            { "plan-keeper", Council },
            { "safeguarding-lead", Council },
            { "manager", Council },
            { "integration", Council },
            { "integration-engineer", Council },
            { "integration", Police },
            { "control-room", Police },
            { "public-protection", Police },
            { "supervisor", Police },
            { "privacy-officer", Trust },
            { "privacy-officer", Council },
            { "privacy-officer", Police },
            { "privacy-officer", Hub },
            { "governance", Trust },
            { "governance", Council },
            { "governance", Police },
            { "governance", Hub },
            { "operator", Hub },
        };

    [Fact]
    public void There_are_these_roles_each_once_for_a_kind_of_organisation_and_no_others() =>
        Assert.Equal(
            Expected.Select(row => row.Data).Order(),
            HubRoles.All.SelectMany(role => role.Organisations.Select(kind => (role.Role, kind))).Order()
        );

    [Theory]
    [MemberData(nameof(Expected))]
    public void A_role_has_no_scope_that_its_organisations_cannot_have(string name, OrganisationKind kind)
    {
        var role = HubRoles.Find(name, kind)!;

        Assert.NotEmpty(role.Scopes);
        Assert.All(role.Scopes, name =>
        {
            var scope = Assert.Single(HubRoles.Scopes, one => one.Scope == name);
            Assert.Contains(kind, scope.Organisations);
            Assert.False(scope.OnlyPeople && !role.IsForPeople);
        });
        Assert.Equal(role.Lookups.Count > 0, role.Scopes.Contains("lookup.person"));
    }

    [Theory]
    [MemberData(nameof(Expected))]
    public void People_need_two_factors_and_sign_in_at_least_every_ten_hours(string name, OrganisationKind kind)
    {
        var role = HubRoles.Find(name, kind)!;

        Assert.Equal(name != "integration", role.IsForPeople);
        if (!role.IsForPeople)
            return;
        Assert.True(role.Assurance >= AssuranceLevel.Aal2);
        Assert.InRange(role.SignInLasts!.Value, TimeSpan.FromMinutes(15), TimeSpan.FromHours(10));
    }

    [Fact]
    public void Each_scope_is_had_by_some_role_or_by_systems_of_the_hub() =>
        Assert.All(HubRoles.Scopes, scope =>
            Assert.True(
                HubRoles.All.Any(role => role.Scopes.Contains(scope.Scope)) || scope.Organisations is [Hub],
                scope.Scope
            )
        );

    [Theory]
    [InlineData("RX1", Trust)]
    [InlineData("A81001", Trust)]
    [InlineData("E06000015", Council)]
    [InlineData("E07000008", Council)]
    [InlineData("E08999901", Council)]
    [InlineData("E09000012", Council)]
    [InlineData("E10000003", Council)]
    [InlineData("W06000015", Council)]
    [InlineData("43", Police)]
    [InlineData("E23000001", Police)]
    [InlineData("W15000001", Police)]
    [InlineData("HUB", Hub)]
    [InlineData("hub", null)]
    [InlineData("E05000001", null)]
    [InlineData("E12000001", null)]
    [InlineData("E0600001", null)]
    [InlineData("E060000155", null)]
    [InlineData("S12000033", null)]
    [InlineData("RX", null)]
    [InlineData("rx1", null)]
    [InlineData("RX1\n", null)]
    [InlineData("", null)]
    public void A_code_tells_the_kind_of_organisation(string code, OrganisationKind? kind) =>
        Assert.Equal(kind, OrganisationKinds.Of(code));

    [Theory]
    [InlineData("duty-worker", "E06000015", null)]
    [InlineData("safeguarding-lead", "RX1", null)]
    [InlineData("duty-worker", "RX1", "the role \"duty-worker\" is for councils; RX1 is a trust.")]
    [InlineData("operator", "RX1", "the role \"operator\" is for the hub; RX1 is a trust.")]
    [InlineData("control-room", "E06000015", "the role \"control-room\" is for police forces; E06000015 is a council.")]
    [InlineData("integration", "RX1", "the role \"integration\" is for systems; a person cannot have it.")]
    [InlineData("duty-wroker", "E06000015", "the role \"duty-wroker\" does not exist.")]
    [InlineData("duty-worker", "E12000001", "\"organisation\" E12000001 has the shape of no ODS, GSS or force code.")]
    public void A_role_for_the_wrong_organisation_is_refused_with_the_reason(
        string role,
        string organisation,
        string? reason
    ) => Assert.Equal(reason, HubRoles.WhyNotFor(role, organisation));
}
