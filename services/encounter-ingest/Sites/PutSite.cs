using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Organisations;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Sites;

/// <summary>A site as a trust registers it.</summary>
/// <param name="Name">What a council reads in an alert.</param>
/// <param name="Setting">What kind of care it gives; decides whether encounters there are unscheduled, where they do
/// not say.</param>
/// <param name="Phone">Whom a council rings, or null: then the trust's switchboard, registered under its own ODS
/// code.</param>
internal sealed record SiteDocument(string? Name, [property: JsonRequired] CareSetting Setting, string? Phone);

/// <summary>A site as it is registered now.</summary>
/// <param name="Name">What a council reads in an alert.</param>
/// <param name="Setting">What kind of care it gives.</param>
/// <param name="Phone">Whom a council rings, or null.</param>
/// <param name="Warning">What ODS says against the code; absent where it says nothing. The site is registered all the
/// same.</param>
internal sealed record RegisteredSite(
    string Name,
    CareSetting Setting,
    string? Phone,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SiteWarning? Warning
);

/// <summary>What speaks against a site code.</summary>
/// <param name="Code">Stable, as in the answer to an encounter: such as <c>site-not-in-ods</c>.</param>
/// <param name="Detail">The same in words.</param>
internal sealed record SiteWarning(string Code, string Detail);

/// <summary>PUT /organisations/{organisation}/sites/{site}: a trust registers its own sites.</summary>
internal static class PutSite
{
    internal static async Task<Results<Created<RegisteredSite>, Ok<RegisteredSite>, ProblemHttpResult>> Handle(
        string organisation,
        string site,
        SiteDocument document,
        Caller caller,
        EncounterIngestDb db,
        OrganisationDirectory directory,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (!string.Equals(organisation, caller.Organisation, StringComparison.OrdinalIgnoreCase))
            return Refusal.NotFound();
        if (!ReadPlace.IsOdsCode(site))
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "ods-code-invalid",
                "The site is not an ODS code: 3 to 12 letters and digits."
            );
        }

        FieldError[] errors = [.. Errors(document)];
        if (errors.Length > 0)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "site-invalid",
                "The site cannot be registered like this.",
                errors
            );
        }

        var ods = site.ToUpperInvariant();
        var stored = await db.Sites.FindAsync([caller.Organisation, ods], cancellationToken);
        var isNew = stored is null;
        if (stored is null)
        {
            stored = new Site
            {
                Organisation = caller.Organisation,
                Ods = ods,
                Name = "",
                Setting = default,
                ChangedAt = default,
            };
            db.Add(stored);
        }

        (stored.Name, stored.Setting, stored.Phone, stored.ChangedAt) = (
            document.Name!.Trim(),
            document.Setting,
            document.Phone?.Trim(),
            clock.GetUtcNow()
        );
        db.Audit(caller, "site.change", Guid.Empty);
        await db.SaveChangesAsync(cancellationToken);
        var registered = new RegisteredSite(
            stored.Name,
            stored.Setting,
            stored.Phone,
            directory.Doubt(ods, caller.Organisation) is { } doubt ? Warning(doubt) : null
        );
        return isNew
            ? TypedResults.Created($"/organisations/{caller.Organisation}/sites/{ods}", registered)
            : TypedResults.Ok(registered);
    }

    private static SiteWarning Warning(SiteDoubt doubt) =>
        new(
            doubt.Kind.Code,
            doubt.Kind == IssueKind.SiteNotInOds
                    ? "The published ODS file has no place of care with this code: check it for a typing mistake."
                : doubt.Kind == IssueKind.SiteOfAnother ? "ODS says that another organisation operates this site."
                : $"ODS says that this site is closed. {doubt.Detail}".Trim()
        );

    private static IEnumerable<FieldError> Errors(SiteDocument document)
    {
        if (
            string.IsNullOrWhiteSpace(document.Name)
            || document.Name.Length > 100
            || !TextProfile.Message.Allows(document.Name)
        )
        {
            yield return new FieldError("name", "is needed: up to 100 characters.");
        }

        if (
            document.Phone is { } phone
            && (
                phone.Length is 0 or > 40
                || phone.Any(c => !char.IsAsciiDigit(c) && !" +()-x".Contains(c, StringComparison.Ordinal))
            )
        )
        {
            yield return new FieldError("phone", "is digits, blanks, + ( ) - and x for an extension, up to 40.");
        }
    }
}

/// <summary>GET /organisations/{organisation}/sites/{site}: for the trust itself.</summary>
internal static class GetSite
{
    internal static async Task<Results<Ok<SiteDocument>, ProblemHttpResult>> Handle(
        string organisation,
        string site,
        Caller caller,
        EncounterIngestDb db,
        CancellationToken cancellationToken
    )
    {
        if (
            !string.Equals(organisation, caller.Organisation, StringComparison.OrdinalIgnoreCase)
            || await db.Sites.FindAsync([caller.Organisation, site.ToUpperInvariant()], cancellationToken)
                is not { } stored
        )
        {
            return Refusal.NotFound();
        }

        return TypedResults.Ok(Document(stored));
    }

    internal static SiteDocument Document(Site site) => new(site.Name, site.Setting, site.Phone);
}
