using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Organisations;

/// <summary>GET /organisations: how organisations and sites are called, for whoever has a token.</summary>
internal static class ListOrganisations
{
    private const int MostCodes = 100;

    internal static Results<Ok<OrganisationList>, ProblemHttpResult> Handle(
        string[] code,
        OrganisationDirectory directory
    ) =>
        code.Length is 0 or > MostCodes
            ? Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "codes-missing",
                $"Ask for 1 to {MostCodes} codes: ?code=E09000012&code=RZ1.",
                new FieldError("code", "is needed, once for each code")
            )
            : TypedResults.Ok(
                new OrganisationList([
                    .. code.Select(one => one.Trim().ToUpperInvariant())
                        .Distinct()
                        .Select(directory.Find)
                        .OfType<DirectoryEntry>(),
                ])
            );
}

/// <summary>Organisations and sites.</summary>
/// <param name="Organisations">In the order in which they were asked for; a code that is not known is left out.</param>
internal sealed record OrganisationList(IReadOnlyList<DirectoryEntry> Organisations);
