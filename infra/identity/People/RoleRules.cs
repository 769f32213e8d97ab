using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.People;

/// <summary>What a role asks of a sign-in.</summary>
internal static class RoleRules
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Why the sign-in is not good enough for the role, in words; null where it is.</summary>
    public static string? WhyNot(
        HubRole role,
        AssuranceLevel assurance,
        DateTimeOffset authenticatedAt,
        DateTimeOffset now
    )
    {
        if (assurance < role.Assurance)
        {
            return $"The role {role.Role} needs a surer sign-in ({Claim(role.Assurance.Value)}); yours was "
                + $"{Claim(assurance)}.";
        }

        if (authenticatedAt > now + Skew)
            return "Your provider says that you signed in at a time that is still to come.";
        return authenticatedAt + role.SignInLasts < now
            ? $"You signed in too long ago for the role {role.Role}. Sign in again."
            : null;
    }

    /// <summary>As <c>acr</c> has it.</summary>
    public static string Claim(AssuranceLevel level) => $"aal{(int)level}";
}
