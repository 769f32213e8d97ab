using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// Who calls, from the bearer token: a system of one organisation with its scopes. Take it as a parameter of a route
/// handler.
/// </summary>
/// <param name="ClientId">The calling system.</param>
/// <param name="Organisation">ODS code of a trust, GSS code of a council, force code of a police force.</param>
/// <param name="Scopes">What the token allows.</param>
public sealed record Caller(string ClientId, string Organisation, IReadOnlySet<string> Scopes)
    : IBindableFromHttpContext<Caller>
{
    /// <summary>The ids of the request by which it calls; null for the hub's own work.</summary>
    public RequestIds? Request { get; init; }

    /// <summary>The hub itself, for what its own workers do.</summary>
    public static Caller Hub { get; } = new("hub", "hub", new HashSet<string>());

    /// <inheritdoc/>
    static ValueTask<Caller?> IBindableFromHttpContext<Caller>.BindAsync(
        HttpContext context,
        ParameterInfo parameter
    ) => ValueTask.FromResult(Of(context));

    /// <summary>Who calls, for code that is no route handler; null where no token came with the request.</summary>
    /// <param name="context">The request.</param>
    public static Caller? Of(HttpContext context) =>
        From(context.User) is { } caller ? caller with { Request = RequestIds.Of(context) } : null;

    internal static Caller? From(ClaimsPrincipal user)
    {
        var organisation = user.FindFirstValue(HubClaims.Organisation);
        var client = user.FindFirstValue(HubClaims.ClientId) ?? user.FindFirstValue("sub");
        return organisation is null || client is null ? null : new Caller(client, organisation, HubClaims.Scopes(user));
    }
}

internal static class HubClaims
{
    public const string Organisation = "organisation";
    public const string ClientId = "client_id";
    public const string Scope = "scope";

    public static HashSet<string> Scopes(ClaimsPrincipal user) =>
        user.FindAll(Scope)
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal);
}
