using Microsoft.Extensions.Options;
using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Organisations;

namespace Safeguarding.EncounterIngest.Organisations;

/// <summary>Names that the deployment gives itself.</summary>
internal sealed class OrganisationOptions
{
    /// <summary>By code (<c>Organisations__Names__CODE</c>). They stand before those of published files.</summary>
    public Dictionary<string, string> Names { get; } = [];
}

/// <summary>Where a name is from.</summary>
internal enum DirectorySource
{
    /// <summary>The deployment's own settings.</summary>
    Own,

    /// <summary>The councils' GSS codes.</summary>
    Councils,

    /// <summary>The ODS file.</summary>
    Ods,
}

internal enum DirectoryStatus
{
    Active,
    Ended,
}

/// <summary>An organisation or a site, for people to read.</summary>
/// <param name="Code">As it was asked for.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is; null where that is not known.</param>
/// <param name="Source">Where the name is from.</param>
/// <param name="Status">Whether there is such an organisation still, or the code is in use.</param>
/// <param name="Successors">The codes to use instead, where it ended and they are known.</param>
internal sealed record DirectoryEntry(
    string Code,
    string Name,
    DirectoryKind? Kind,
    DirectorySource Source,
    DirectoryStatus Status,
    IReadOnlyList<string> Successors
);

/// <summary>What speaks against a site code.</summary>
/// <param name="Kind">Its code.</param>
/// <param name="Detail">What the code cannot say.</param>
internal sealed record SiteDoubt(IssueKind Kind, string? Detail);

/// <summary>
/// The one place that decides how an organisation or site is called, and what ODS says of a site code: from the
/// deployment's own names, the councils' file and the ODS file that was loaded last. All of it is in memory.
/// </summary>
internal sealed class OrganisationDirectory(IOptions<OrganisationOptions> settings)
{
    private const int MostSuccessions = 5;

    private readonly Dictionary<string, string> _own = settings.Value.Names;

    // Null where no file is loaded: then nothing is known against any code.
    private volatile Dictionary<string, OdsOrganisation>? _ods;

    public void Follow(IEnumerable<OdsOrganisation> ods) =>
        _ods = ods.ToDictionary(one => one.Code, StringComparer.Ordinal);

    public DirectoryEntry? Find(string code) =>
        _own.TryGetValue(code, out var name)
            ? new DirectoryEntry(code, name, Kind(code), DirectorySource.Own, DirectoryStatus.Active, [])
        : Councils.Find(code) is { } council ? OfCouncil(code, council)
        : _ods?.GetValueOrDefault(code) is { } ods
            ? new DirectoryEntry(
                code,
                ods.Name,
                ods.Kind,
                DirectorySource.Ods,
                ods.IsActive ? DirectoryStatus.Active : DirectoryStatus.Ended,
                ods.Successors
            )
        : null;

    /// <summary>The name of an organisation or site; null where none is known.</summary>
    public string? Name(string? code) => code is null ? null : Find(code)?.Name;

    /// <summary>
    /// What kind of care a site gives, as far as ODS says it: of an emergency department it does not.
    /// </summary>
    public CareSetting Setting(string? site) =>
        site is not null && _ods?.GetValueOrDefault(site)?.Kind == DirectoryKind.WalkInCentre
            ? CareSetting.UrgentTreatmentCentre
            : CareSetting.Unknown;

    /// <summary>Whether ODS says that the trust operates this site.</summary>
    /// <param name="organisation">The trust's ODS code.</param>
    /// <param name="site">The site's.</param>
    public bool Operates(string organisation, string site) => _ods?.GetValueOrDefault(site)?.OperatedBy == organisation;

    /// <summary>
    /// What speaks against a site code of a trust: it is probably a typing mistake, or out of date. Null where nothing
    /// does, or no ODS file is loaded.
    /// </summary>
    /// <param name="site">The site's ODS code.</param>
    /// <param name="organisation">The trust's.</param>
    public SiteDoubt? Doubt(string site, string organisation)
    {
        if (_ods is not { } ods || site == organisation || _own.ContainsKey(site))
            return null;
        if (!ods.TryGetValue(site, out var held))
            return new SiteDoubt(IssueKind.SiteNotInOds, null);
        if (Operator(held) is { } operatedBy && !IsOrBecame(operatedBy, organisation, ods))
            return new SiteDoubt(IssueKind.SiteOfAnother, null);
        return held.IsActive
            ? null
            : new SiteDoubt(
                IssueKind.SiteClosed,
                held.Successors is [] ? null : $"ODS names its successor: {string.Join(", ", held.Successors)}."
            );
    }

    // An organisation that is not a site is its own; of a site without the relation ODS does not say.
    private static string? Operator(OdsOrganisation held) =>
        held.OperatedBy
        ?? (
            held.Kind
                is DirectoryKind.Trust
                    or DirectoryKind.GpPractice
                    or DirectoryKind.IndependentProvider
                    or DirectoryKind.HealthBoard
                    or DirectoryKind.LocalAuthority
                    or DirectoryKind.Constabulary
                ? held.Code
                : null
        );

    // A site that closed with its trust still names that trust, which may be this one by now.
    private static bool IsOrBecame(string code, string organisation, Dictionary<string, OdsOrganisation> ods)
    {
        IReadOnlyCollection<string> codes = [code];
        for (var i = 0; i <= MostSuccessions && codes.Count > 0; i++)
        {
            if (codes.Contains(organisation))
                return true;
            codes = [.. codes.SelectMany(one => ods.GetValueOrDefault(one)?.Successors ?? []).Distinct()];
        }

        return false;
    }

    private static DirectoryEntry OfCouncil(string code, Council council) =>
        new(
            code,
            council.Name,
            DirectoryKind.Council,
            DirectorySource.Councils,
            council.Code == code && council.EndedOn is null ? DirectoryStatus.Active : DirectoryStatus.Ended,
            council.Code == code ? council.Successors : [council.Code]
        );

    private static DirectoryKind? Kind(string code) =>
        OrganisationKinds.Of(code) switch
        {
            OrganisationKind.Council => DirectoryKind.Council,
            OrganisationKind.Trust => code.Length == 3 ? DirectoryKind.Trust : DirectoryKind.TrustSite,
            OrganisationKind.Police => DirectoryKind.Police,
            _ => null,
        };
}
