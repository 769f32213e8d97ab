using System.Globalization;
using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// Who calls, from the bearer token: a system of one organisation with its scopes, or a person who uses it. Take it as
/// a parameter of a route handler.
/// </summary>
/// <param name="ClientId">The calling system.</param>
/// <param name="Organisation">ODS code of a trust, GSS code of a council, force code of a police force.</param>
/// <param name="Scopes">What the token allows.</param>
public sealed record Caller(string ClientId, string Organisation, IReadOnlySet<string> Scopes)
    : IBindableFromHttpContext<Caller>
{
    /// <summary>The ids of the request by which it calls; null for the hub's own work.</summary>
    public RequestIds? Request { get; init; }

    /// <summary>The person who signed in; null where a system acts by itself.</summary>
    public Person? Person { get; init; }

    /// <summary>The hub itself, for what its own workers do.</summary>
    public static Caller Hub { get; } = new("hub", "hub", new HashSet<string>());

    /// <inheritdoc/>
    static ValueTask<Caller?> IBindableFromHttpContext<Caller>.BindAsync(
        HttpContext context,
        ParameterInfo parameter
    ) => ValueTask.FromResult(Of(context));

    /// <summary>Who calls, for code that is not a route handler; null where no token came with the request.</summary>
    /// <param name="context">The request.</param>
    public static Caller? Of(HttpContext context) =>
        From(context.User) is { } caller ? caller with { Request = RequestIds.Get(context) } : null;

    internal static Caller? From(ClaimsPrincipal user)
    {
        var organisation = user.FindFirstValue(HubClaims.Organisation);
        var client = user.FindFirstValue(HubClaims.ClientId) ?? user.FindFirstValue("sub");
        if (organisation is null || client is null)
            return null;
        var caller = new Caller(client, organisation, HubClaims.Scopes(user));
        if (user.FindFirstValue(HubClaims.Role) is not { } role)
            return caller;
        // A person of whom a part is missing is nobody, never a system.
        return Person.From(user, role) is { } person ? caller with { Person = person } : null;
    }
}

/// <summary>A person who signed in, as the token of identity says.</summary>
/// <param name="Subject">Opaque, the same at each sign-in with the same provider. No name and no address.</param>
/// <param name="Role">One of <see cref="HubRoles"/> for the caller's kind of organisation.</param>
/// <param name="Assurance">How surely the person signed in (<c>acr</c>).</param>
/// <param name="AuthenticatedAt">When the person last showed who they are (<c>auth_time</c>).</param>
/// <param name="SessionId">The sign-in (<c>sid</c>), by which it can be ended.</param>
public sealed record Person(
    string Subject,
    string Role,
    AssuranceLevel Assurance,
    DateTimeOffset AuthenticatedAt,
    string SessionId
)
{
    /// <summary>
    /// As what a person does is signed: role and subject of the token. A name that came with the request stands before
    /// them and is for show only.
    /// </summary>
    /// <param name="name">As the caller says; null where it says none.</param>
    public string Signature(string? name = null) =>
        string.IsNullOrWhiteSpace(name) ? $"{Role} {Subject}" : $"{name.Trim()} ({Role} {Subject})";

    /// <summary>Whether this person signed it, in whichever role and under whichever name.</summary>
    /// <param name="signature">As <see cref="Signature"/> made it; null where nobody signed.</param>
    public bool HasSigned(string? signature) =>
        signature is not null
        && (
            signature.EndsWith($" {Subject}", StringComparison.Ordinal)
            || signature.EndsWith($" {Subject})", StringComparison.Ordinal)
        );

    internal static Person? From(ClaimsPrincipal user, string role)
    {
        var subject = user.FindFirstValue("sub");
        var session = user.FindFirstValue(HubClaims.SessionId);
        AssuranceLevel? assurance = user.FindFirstValue(HubClaims.Assurance) switch
        {
            "aal1" => AssuranceLevel.Aal1,
            "aal2" => AssuranceLevel.Aal2,
            "aal3" => AssuranceLevel.Aal3,
            _ => null,
        };
        return
            subject is { Length: > 0 }
            && session is { Length: > 0 }
            && assurance is { } level
            && long.TryParse(
                user.FindFirstValue(HubClaims.AuthenticatedAt),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seconds
            )
            && seconds < 253_402_300_800
            ? new Person(subject, role, level, DateTimeOffset.FromUnixTimeSeconds(seconds), session)
            : null;
    }
}

internal static class HubClaims
{
    public const string Organisation = "organisation";
    public const string ClientId = "client_id";
    public const string Scope = "scope";
    public const string Role = "role";
    public const string Assurance = "acr";
    public const string AuthenticatedAt = "auth_time";
    public const string SessionId = "sid";

    public static HashSet<string> Scopes(ClaimsPrincipal user) =>
        user.FindAll(Scope)
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal);
}
