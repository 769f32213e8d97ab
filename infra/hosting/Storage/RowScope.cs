using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// Of a route: it reads rows of all organisations, by the policies of that name and no others. Which route does is a
/// table in decision 34, and a test holds it.
/// </summary>
/// <param name="Name">Such as <c>lookup</c>.</param>
/// <param name="Only">For callers of that kind of organisation alone; of any where null.</param>
public sealed record AcrossOrganisations(string Name, OrganisationKind? Only);

/// <summary>
/// Of a route: it works as the worker role, behind the service's own conditions alone. Listed and held likewise.
/// </summary>
/// <param name="Scope">For callers who have that scope; for all where null.</param>
public sealed record AsWorker(string? Scope);

/// <summary>
/// By which role a scope's context works: the worker's, or the request's with the organisation that calls.
/// </summary>
internal sealed class RowScope
{
    /// <summary>Null in work that no request does, and on operators' routes: the worker role.</summary>
    public string? Organisation { get; set; }

    public string Across { get; set; } = "";
}

/// <summary>Rows of a request.</summary>
public static class RowScopes
{
    // Operators mend what is all councils'.
    private const string Operators = "ops";

    /// <summary>The route reads rows of all organisations under this name.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="name">As in the service's <see cref="HubDbContext.RowPolicies"/>.</param>
    /// <param name="only">For callers of that kind of organisation alone.</param>
    public static TBuilder ReadsAcross<TBuilder>(this TBuilder route, string name, OrganisationKind? only = null)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AcrossOrganisations(name, only));

    /// <summary>The route works as the worker role.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="scope">For callers who have that scope; for all where null.</param>
    public static TBuilder WorksAsWorker<TBuilder>(this TBuilder route, string? scope = null)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AsWorker(scope));

    /// <summary>After authorization. Whoever is not known has no organisation, and so no row.</summary>
    internal static void UseRowScope(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                var metadata = context.GetEndpoint()?.Metadata;
                var caller = Caller.Of(context);
                if (IsForWorker(metadata, caller))
                    return next(context);
                var rows = context.RequestServices.GetRequiredService<RowScope>();
                rows.Organisation = caller?.Organisation ?? "";
                if (
                    metadata?.GetMetadata<AcrossOrganisations>() is { } across
                    && (across.Only is null || across.Only == OrganisationKinds.Of(rows.Organisation))
                )
                {
                    rows.Across = across.Name;
                }

                return next(context);
            }
        );

    private static bool IsForWorker(EndpointMetadataCollection? metadata, Caller? caller) =>
        metadata is not null
        && (
            metadata.GetOrderedMetadata<RequiredScope>().Any(one => one.Scope == Operators)
            || (
                metadata.GetMetadata<AsWorker>() is { } worker
                && (worker.Scope is null || caller?.Scopes.Contains(worker.Scope) is true)
            )
        );
}
