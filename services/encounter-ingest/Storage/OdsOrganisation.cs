namespace Safeguarding.EncounterIngest.Storage;

/// <summary>What an organisation or site is, as far as the hub has a use for it.</summary>
internal enum DirectoryKind
{
    Council,
    Trust,
    TrustSite,
    WalkInCentre,
    GpPractice,
    IndependentProvider,
    IndependentProviderSite,
    Constabulary,
    CustodySuite,
    LocalAuthority,
    HealthBoard,
    Police,
}

/// <summary>An organisation or site of the ODS file that was loaded last: a row of <c>ods_organisation</c>.</summary>
/// <param name="Code">ODS code.</param>
/// <param name="Name">As ODS writes it.</param>
/// <param name="Kind">From its roles.</param>
/// <param name="OperatedBy">ODS code of whose site it is (relation RE6); null where ODS does not say.</param>
/// <param name="IsActive">Whether it is open.</param>
/// <param name="OpenedOn">Its first day of operation, or null.</param>
/// <param name="ClosedOn">Its last, or null.</param>
/// <param name="Successors">ODS codes of those that took over.</param>
internal sealed record OdsOrganisation(
    string Code,
    string Name,
    DirectoryKind Kind,
    string? OperatedBy,
    bool IsActive,
    DateOnly? OpenedOn,
    DateOnly? ClosedOn,
    IReadOnlyList<string> Successors
);
