using System.Text.Json;
using System.Text.Json.Serialization;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// The roles and scopes of <c>roles.json</c>, the one place that says who may do what. Identity gives nobody more, and
/// services decide by it.
/// </summary>
public static class HubRoles
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    // After the options, which it reads by.
    private static readonly RolesFile File = Read();
    private static readonly Dictionary<string, HubScope> ScopesByName = File.Scopes.ToDictionary(scope => scope.Scope);

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<HubScope> Scopes => File.Scopes;

    /// <summary>Every role. The same name may stand for different work in another kind of organisation.</summary>
    public static IReadOnlyList<HubRole> All => File.Roles;

    /// <summary>The role of that name in that kind of organisation; null where there is none.</summary>
    /// <param name="role">Such as <c>duty-worker</c>.</param>
    /// <param name="kind">Of the organisation for which the person acts.</param>
    public static HubRole? Find(string role, OrganisationKind kind) =>
        All.FirstOrDefault(one => one.Role == role && one.Organisations.Contains(kind));

    /// <summary>Why a person cannot have this role for this organisation, in words; null where they can.</summary>
    /// <param name="role">Such as <c>duty-worker</c>.</param>
    /// <param name="organisation">ODS, GSS or force code, or <c>HUB</c>.</param>
    public static string? WhyNotFor(string role, string organisation)
    {
        if (OrganisationKinds.Of(organisation) is not { } kind)
            return NotACode(organisation);
        if (Find(role, kind) is { } found)
            return found.IsForPeople ? null : $"the role \"{role}\" is for systems; a person cannot have it.";
        var kinds = All.Where(one => one.Role == role).SelectMany(one => one.Organisations).ToList();
        return kinds is []
            ? $"the role \"{role}\" does not exist."
            : $"the role \"{role}\" is for {Words(kinds)}; {organisation} is {kind.One()}.";
    }

    /// <summary>Why a system of this organisation cannot have these scopes, in words; null where it can.</summary>
    /// <param name="organisation">ODS, GSS or force code, or <c>HUB</c>.</param>
    /// <param name="scopes">Such as <c>plan.write</c>.</param>
    public static string? WhyNotForSystem(string organisation, IEnumerable<string> scopes)
    {
        if (OrganisationKinds.Of(organisation) is not { } kind)
            return NotACode(organisation);
        foreach (var name in scopes)
        {
            if (!ScopesByName.TryGetValue(name, out var scope))
                return $"scope \"{name}\" does not exist.";
            if (!scope.Organisations.Contains(kind))
                return $"scope \"{name}\" is for {Words(scope.Organisations)}; {organisation} is {kind.One()}.";
            if (scope.OnlyPeople)
                return $"scope \"{name}\" is only for people who sign in, not for systems.";
        }

        return null;
    }

    private static string NotACode(string organisation) =>
        $"\"organisation\" {organisation} has the shape of no ODS, GSS or force code.";

    private static string Words(IEnumerable<OrganisationKind> kinds) =>
        string.Join(", ", kinds.Distinct().Select(kind => kind.Many()));

    private static RolesFile Read()
    {
        using var json = typeof(HubRoles).Assembly.GetManifestResourceStream("roles.json")!;
        return JsonSerializer.Deserialize<RolesFile>(json, Strict)!;
    }

    private sealed record RolesFile(string About, IReadOnlyList<HubScope> Scopes, IReadOnlyList<HubRole> Roles);
}

/// <summary>What a token can open.</summary>
/// <param name="Scope">Its name in tokens, such as <c>plan.read</c>.</param>
/// <param name="Opens">In plain English.</param>
/// <param name="Organisations">The kinds of organisation that can be given it.</param>
/// <param name="OnlyPeople">Whether systems can never have it.</param>
/// <param name="IncludedIn">The scope that opens the same and more; null where there is none.</param>
public sealed record HubScope(
    string Scope,
    string Opens,
    IReadOnlyList<OrganisationKind> Organisations,
    bool OnlyPeople = false,
    string? IncludedIn = null
);

/// <summary>One kind of work, and what it opens.</summary>
/// <param name="Role">Its name in tokens, such as <c>duty-worker</c>.</param>
/// <param name="Description">In plain English.</param>
/// <param name="Organisations">The kinds of organisation that have it.</param>
/// <param name="Scopes">What it opens.</param>
/// <param name="Lookups">Which look-ups it may make; empty for none.</param>
/// <param name="Assurance">How surely the person must have signed in; null for systems.</param>
/// <param name="SignInLasts">How long ago the sign-in may be at most; null for systems.</param>
public sealed record HubRole(
    string Role,
    string Description,
    IReadOnlyList<OrganisationKind> Organisations,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<LookupKind> Lookups,
    AssuranceLevel? Assurance = null,
    TimeSpan? SignInLasts = null
)
{
    /// <summary>Whether people have it, and not systems.</summary>
    [JsonIgnore]
    public bool IsForPeople => Assurance is not null;
}

/// <summary>Whether a look-up notifies the child's council.</summary>
public enum LookupKind
{
    /// <summary>Notifies the council (CP-IS B0107).</summary>
    [JsonStringEnumMemberName("unscheduled")]
    Unscheduled,

    /// <summary>Silent (CP-IS B0170). Audited as the other is.</summary>
    [JsonStringEnumMemberName("scheduled")]
    Scheduled,
}

/// <summary>Authenticator assurance level (NIST SP 800-63B), as the claim <c>acr</c> has it. Higher is surer.</summary>
public enum AssuranceLevel
{
    /// <summary>One factor.</summary>
    [JsonStringEnumMemberName("aal1")]
    Aal1 = 1,

    /// <summary>Two factors.</summary>
    [JsonStringEnumMemberName("aal2")]
    Aal2 = 2,

    /// <summary>Two factors, one of them a device that cannot be copied.</summary>
    [JsonStringEnumMemberName("aal3")]
    Aal3 = 3,
}
