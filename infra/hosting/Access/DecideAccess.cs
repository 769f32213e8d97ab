using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// Whether a caller may use what a scope opens: the one place where a service decides it, by <c>roles.json</c>. Pure;
/// whatever is not allowed here is refused. Whose data a route shows, the route itself decides by the caller's
/// organisation.
/// </summary>
internal static class DecideAccess
{
    /// <summary>Why not; null where the caller may.</summary>
    /// <param name="caller">From the token; null where it says nobody.</param>
    /// <param name="scope">What the route asks for.</param>
    /// <param name="now">The time of the decision.</param>
    public static AccessRefusal? WhyNot(Caller? caller, string scope, DateTimeOffset now)
    {
        // Another issuer than the hub's own may give out scopes that no role has.
        var known = HubRoles.Scopes.FirstOrDefault(one => one.Scope == scope);
        if (
            caller is null
            || !(caller.Scopes.Contains(scope) || (known?.IncludedIn is { } wider && caller.Scopes.Contains(wider)))
        )
        {
            return new AccessRefusal.ScopeMissing();
        }

        if (caller.Person is not { } person)
        {
            return known is null ? null
                : known.OnlyPeople ? new AccessRefusal.OnlyPeople(scope)
                : HubRoles.WhyNotForSystem(caller.Organisation, [scope]) is { } why ? new AccessRefusal.NotForKind(why)
                : null;
        }

        if (
            OrganisationKinds.Of(caller.Organisation) is not { } kind
            || HubRoles.Find(person.Role, kind) is not { Assurance: { } assurance } role
            || !role.Scopes.Contains(scope)
        )
        {
            return new AccessRefusal.RoleLacksScope(person.Role, scope);
        }

        if (person.Assurance < assurance)
            return new AccessRefusal.SignInTooWeak(assurance);
        return role.SignInLasts is { } lasts && now - person.AuthenticatedAt > lasts
            ? new AccessRefusal.SignInTooOld(lasts)
            : null;
    }

    /// <summary>The same of a request, for every scope that its route asks for.</summary>
    public static AccessRefusal? WhyNot(HttpContext context, IEnumerable<string> scopes)
    {
        var caller = Caller.From(context.User);
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return scopes.Select(scope => WhyNot(caller, scope, now)).FirstOrDefault(refusal => refusal is not null);
    }
}

/// <summary>Why a caller may not.</summary>
internal abstract record AccessRefusal
{
    private AccessRefusal() { }

    /// <summary>The token lacks the scope.</summary>
    public sealed record ScopeMissing : AccessRefusal;

    /// <summary>A system has a scope that only people can have.</summary>
    public sealed record OnlyPeople(string Scope) : AccessRefusal;

    /// <summary>No system of this kind of organisation can have the scope, whatever its token says.</summary>
    public sealed record NotForKind(string Why) : AccessRefusal;

    /// <summary>The person's role, for this kind of organisation, does not open the scope.</summary>
    public sealed record RoleLacksScope(string Role, string Scope) : AccessRefusal;

    /// <summary>The person signed in less surely than the role asks for.</summary>
    public sealed record SignInTooWeak(AssuranceLevel Needed) : AccessRefusal
    {
        /// <summary>As <c>acr_values</c> has it.</summary>
        public string Acr => Needed.ToString().ToLowerInvariant();
    }

    /// <summary>The person signed in too long ago.</summary>
    public sealed record SignInTooOld(TimeSpan Lasts) : AccessRefusal
    {
        /// <summary>As <c>max_age</c> has it.</summary>
        public string MaxAge => Lasts.TotalSeconds.ToString(CultureInfo.InvariantCulture);
    }
}
