using System.Security.Claims;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Portal.SignIn;

/// <summary>Who is signed in, as the id token says.</summary>
/// <param name="Name">For the header, and for what the person does.</param>
/// <param name="Organisation">For which they act: ODS, GSS or force code.</param>
/// <param name="Kind">Of that organisation.</param>
/// <param name="Role">What they may do there.</param>
/// <param name="Subject">By which services know what this person did.</param>
internal sealed record SignedInPerson(
    string Name,
    string Organisation,
    OrganisationKind Kind,
    HubRole Role,
    string Subject
)
{
    /// <summary>As services sign what this person does: name (role subject).</summary>
    public bool HasSigned(string? by) => by?.EndsWith($" {Subject})", StringComparison.Ordinal) == true;

    /// <summary>Null where nobody is signed in.</summary>
    public static SignedInPerson? Of(ClaimsPrincipal user) =>
        user.FindFirstValue("organisation") is { } organisation
        && OrganisationKinds.Of(organisation) is { } kind
        && HubRoles.Find(user.FindFirstValue("role") ?? "", kind) is { } role
            ? new SignedInPerson(
                user.FindFirstValue("name") ?? role.Role,
                organisation,
                kind,
                role,
                user.FindFirstValue("sub") ?? ""
            )
            : null;

    public bool May(string scope) => Role.Scopes.Contains(scope);
}
