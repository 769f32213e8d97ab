using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Safeguarding.Hosting.Access;

/// <summary>What kind of organisation a code belongs to. It decides which scopes and roles it can be given.</summary>
public enum OrganisationKind
{
    /// <summary>An NHS organisation, by its ODS code.</summary>
    [JsonStringEnumMemberName("trust")]
    Trust,

    /// <summary>A council, by its GSS code (E06, E07, E08, E09, E10, W06).</summary>
    [JsonStringEnumMemberName("council")]
    Council,

    /// <summary>
    /// A police force, by its two-digit Home Office force code or the GSS code of its area (E23, W15).
    /// </summary>
    [JsonStringEnumMemberName("police")]
    Police,

    /// <summary>Who runs the hub: <c>HUB</c>.</summary>
    [JsonStringEnumMemberName("hub")]
    Hub,
}

/// <summary>Reads the kind of an organisation from its code.</summary>
public static partial class OrganisationKinds
{
    private const string HubCode = "HUB";

    /// <summary>The kind; null where the code has the shape of none.</summary>
    /// <param name="organisation">ODS, GSS or force code, or <c>HUB</c>.</param>
    public static OrganisationKind? Of(string organisation) =>
        organisation == HubCode ? OrganisationKind.Hub
        : Council().IsMatch(organisation) ? OrganisationKind.Council
        : Police().IsMatch(organisation) ? OrganisationKind.Police
        : Ods().IsMatch(organisation) ? OrganisationKind.Trust
        : null;

    /// <summary>In words: <c>a trust</c>.</summary>
    /// <param name="kind">The kind.</param>
    public static string One(this OrganisationKind kind) =>
        kind switch
        {
            OrganisationKind.Trust => "a trust",
            OrganisationKind.Council => "a council",
            OrganisationKind.Police => "a police force",
            _ => "the hub",
        };

    /// <summary>In words: <c>trusts</c>.</summary>
    /// <param name="kind">The kind.</param>
    public static string Many(this OrganisationKind kind) =>
        kind switch
        {
            OrganisationKind.Trust => "trusts",
            OrganisationKind.Council => "councils",
            OrganisationKind.Police => "police forces",
            _ => "the hub",
        };

    [GeneratedRegex(@"\A(E0[6-9]|E10|W06)[0-9]{6}\z")]
    private static partial Regex Council();

    [GeneratedRegex(@"\A([0-9]{2}|E23[0-9]{6}|W15[0-9]{6})\z")]
    private static partial Regex Police();

    [GeneratedRegex(@"\A[A-Z0-9]{3,6}\z")]
    private static partial Regex Ods();
}
