using Microsoft.EntityFrameworkCore;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Organisations;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// What ODS says against the site code of an encounter. It is a warning: where a child is helps the council, but not
/// knowing it must not keep the encounter from it. What the trust has registered itself is not doubted.
/// </summary>
internal sealed class SiteCheck(OrganisationDirectory directory)
{
    /// <summary>Whose document is read.</summary>
    public SendingTrust TrustOf(string organisation) =>
        new(organisation, code => directory.Operates(organisation, code));

    /// <summary>Of an encounter that was stored.</summary>
    /// <param name="caller">Who sent it.</param>
    /// <param name="submission">The encounter.</param>
    /// <param name="stored">What came of it.</param>
    /// <param name="issues">Where the warning goes.</param>
    /// <param name="path">Where in the message; the encounter itself where null.</param>
    public void Warn(Caller caller, Submission submission, Stored stored, Issues issues, string? path = null)
    {
        if (!stored.SiteIsRegistered && Doubt(caller, submission) is { } doubt)
            issues.Warn(doubt.Kind, path ?? submission.Path, doubt.Detail);
    }

    /// <summary>The same of encounters that are only checked.</summary>
    public async Task WarnAsync(
        Caller caller,
        IEnumerable<Submission> submissions,
        EncounterIngestDb db,
        Issues issues,
        CancellationToken cancellationToken
    )
    {
        foreach (var submission in submissions)
        {
            if (
                Doubt(caller, submission) is { } doubt
                && !await db.Sites.AnyAsync(
                    site => site.Organisation == caller.Organisation && site.Ods == submission.Particulars.SiteOds,
                    cancellationToken
                )
            )
            {
                issues.Warn(doubt.Kind, submission.Path, doubt.Detail);
            }
        }
    }

    // A council's engineer checks encounters too, and a police force has units.
    private SiteDoubt? Doubt(Caller caller, Submission submission) =>
        submission.Particulars.SiteOds is { } site
        && OrganisationKinds.Of(caller.Organisation) == OrganisationKind.Trust
            ? directory.Doubt(site, caller.Organisation)
            : null;
}
