using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Safeguarding.Hosting.Access;

/// <summary>The scope that a route asks for.</summary>
internal sealed record RequiredScope(string Scope);

/// <summary>The route opens for every valid token.</summary>
internal sealed record AnyScope;

/// <summary>A 403 names the scope that is needed (RFC 6750, insufficient_scope) and those that the token has.</summary>
internal sealed class SayWhyForbidden : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _otherwise = new();

    public async Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        if (!authorizeResult.Forbidden)
        {
            await _otherwise.HandleAsync(next, context, policy, authorizeResult);
            return;
        }

        // A route of a group may have one of its own beside the group's; each is needed.
        string[] needed =
        [
            .. context.GetEndpoint()?.Metadata.GetOrderedMetadata<RequiredScope>().Select(one => one.Scope) ?? [],
        ];
        string[] has = [.. HubClaims.Scopes(context.User).Order(StringComparer.Ordinal)];
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        if (Caller.From(context.User) is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"safeguarding-hub\", error=\"invalid_token\"";
            (
                context.User.HasClaim(claim => claim.Type == HubClaims.Organisation)
                    ? new RefusalReason(
                        "person-incomplete",
                        "The token has a role and lacks one of sub, acr (aal1 to aal3), auth_time and sid."
                    )
                    : new RefusalReason(
                        "organisation-missing",
                        "The token names no organisation: the issuer must add the claim organisation."
                    )
            ).NoteOn(context);
            return;
        }

        if (DecideAccess.WhyNot(context, needed) is { } refusal && Explain(refusal) is var (challenge, reason))
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"safeguarding-hub\", {challenge}";
            reason.NoteOn(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate =
            $"Bearer realm=\"safeguarding-hub\", error=\"insufficient_scope\", scope=\"{string.Join(' ', needed)}\"";
        new RefusalReason(
            "insufficient-scope",
            $"This route needs the scope {string.Join(" and ", needed)}; the token has {(has is [] ? "none" : string.Join(", ", has))}."
        )
        {
            More = new Dictionary<string, object?> { ["neededScopes"] = needed, ["tokenScopes"] = has },
        }.NoteOn(context);
    }

    // A person who may after signing in again is asked to (RFC 9470).
    private static (string Challenge, RefusalReason Reason)? Explain(AccessRefusal refusal) =>
        refusal switch
        {
            AccessRefusal.OnlyPeople one => (
                "error=\"insufficient_scope\"",
                new("only-people", $"The scope {one.Scope} is only for people who sign in, not for systems.")
            ),
            AccessRefusal.NotForKind one => (
                "error=\"insufficient_scope\"",
                new("scope-not-for-organisation", $"This {one.Why}")
            ),
            AccessRefusal.RoleLacksScope one => (
                "error=\"insufficient_scope\"",
                new("role-lacks-scope", $"In this organisation the role {one.Role} does not open {one.Scope}.")
            ),
            AccessRefusal.SignInTooWeak one => (
                $"error=\"insufficient_user_authentication\", acr_values=\"{one.Acr}\"",
                new("sign-in-too-weak", $"This needs a sign-in of {one.Acr} or better.")
            ),
            AccessRefusal.SignInTooOld one => (
                $"error=\"insufficient_user_authentication\", max_age=\"{one.MaxAge}\"",
                new("sign-in-too-old", "The sign-in is too long ago for this: sign in again.")
            ),
            _ => null,
        };
}
