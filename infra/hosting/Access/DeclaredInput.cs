using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using F23.StringSimilarity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// A query parameter that a route reads from the request itself, and not as a parameter of its
/// handler.
/// </summary>
/// <param name="Name">As in the query.</param>
/// <param name="Description">For the OpenAPI document.</param>
public sealed record QueryParameter(string Name, string Description);

/// <summary>Marks a route that reads the request's body itself, and not as a parameter of its handler.</summary>
/// <param name="Example">Of a body: a JSON object, or text of another media type.</param>
/// <param name="MediaTypes">What it reads, for the OpenAPI document.</param>
public sealed record ReadsBody(string Example, params string[] MediaTypes);

/// <summary>An example of a route's body that cannot be made from a schema.</summary>
/// <param name="Text">JSON, or text of another media type.</param>
public sealed record BodyExample(string Text);

/// <summary>
/// What a route does not declare, it refuses: a query parameter that is misspelt must not do another act than the
/// caller meant.
/// </summary>
public static class DeclaredInput
{
    /// <summary>
    /// Declares a query parameter that the route reads from the request itself. All others are declared by the
    /// handler.
    /// </summary>
    /// <param name="route">The route or group.</param>
    /// <param name="name">As in the query, such as <c>_format</c>.</param>
    /// <param name="description">For the OpenAPI document.</param>
    public static TBuilder TakesQuery<TBuilder>(this TBuilder route, string name, string description)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new QueryParameter(name, description));

    /// <summary>Declares that the route reads the body itself; it also judges the media type itself.</summary>
    /// <param name="route">The route.</param>
    /// <param name="example">Of a body.</param>
    /// <param name="mediaTypes">For the OpenAPI document.</param>
    public static TBuilder TakesBody<TBuilder>(this TBuilder route, string example, params string[] mediaTypes)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ReadsBody(example, mediaTypes));

    /// <summary>The names of the query parameters that a route declares.</summary>
    /// <param name="endpoint">The route.</param>
    /// <param name="services">The service's.</param>
    public static IEnumerable<string> QueryOf(Endpoint endpoint, IServiceProvider services) =>
        services.GetRequiredService<RouteInputs>().Get(endpoint).Query.Keys;

    /// <summary>
    /// After authorization, so that a stranger learns nothing of what a route takes; before every
    /// act.
    /// </summary>
    internal static void UseDeclaredInput(this IApplicationBuilder app) => app.UseMiddleware<RefuseUndeclaredInput>();
}

/// <summary>
/// What each route declares: its handler's parameters as the OpenAPI document shows them, and
/// <see cref="QueryParameter"/>s.
/// </summary>
internal sealed class RouteInputs(IApiDescriptionGroupCollectionProvider descriptions)
{
    private readonly ConditionalWeakTable<Endpoint, Input> _known = [];
    private ILookup<MethodInfo, ApiDescription>? _described;

    public Input Get(Endpoint endpoint) => _known.GetValue(endpoint, Read);

    private Input Read(Endpoint endpoint)
    {
        _described ??= descriptions
            .ApiDescriptionGroups.Items.SelectMany(group => group.Items)
            .Where(one => Handler(one.ActionDescriptor.EndpointMetadata) is not null)
            .ToLookup(one => Handler(one.ActionDescriptor.EndpointMetadata)!);
        var parameters = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase);
        foreach (var declared in endpoint.Metadata.GetOrderedMetadata<QueryParameter>())
            parameters[declared.Name] = typeof(string);
        var description = Handler(endpoint.Metadata) is { } handler ? _described[handler].FirstOrDefault() : null;
        foreach (var parameter in description?.ParameterDescriptions ?? [])
        {
            if (parameter.Source == BindingSource.Query)
                parameters[parameter.Name] = parameter.Type;
        }

        return new Input(
            parameters,
            endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null
                || endpoint.Metadata.GetMetadata<ReadsBody>() is not null
        );
    }

    private static MethodInfo? Handler(IEnumerable<object> metadata) => metadata.OfType<MethodInfo>().FirstOrDefault();

    /// <param name="Query">Each query parameter and its type.</param>
    /// <param name="TakesBody">Whether it reads a body.</param>
    internal sealed record Input(IReadOnlyDictionary<string, Type> Query, bool TakesBody);
}

/// <summary>Refuses query parameters that are unknown or repeated, and bodies where none is read.</summary>
internal sealed partial class RefuseUndeclaredInput(RequestDelegate next, RouteInputs inputs)
{
    private const int LongestEmptyBody = 256;

    public async Task InvokeAsync(HttpContext context)
    {
        // What is not a route of ours, such as the answer to a wrong method, is not checked here.
        if (context.GetEndpoint() is RouteEndpoint endpoint)
        {
            var input = inputs.Get(endpoint);
            var fault = Validate(context.Request.Query, input.Query)
                ?? (
                    input.TakesBody || await IsEmptyAsync(context.Request)
                        ? null
                        : new RefusalReason("body-not-taken", "This route takes no body.")
                );
            if (fault is not null)
            {
                await fault.WriteAsync(context, StatusCodes.Status400BadRequest);
                return;
            }
        }

        await next(context);
    }

    private static RefusalReason? Validate(IQueryCollection query, IReadOnlyDictionary<string, Type> declared)
    {
        foreach (var (name, values) in query)
        {
            if (!declared.TryGetValue(name, out var type))
            {
                var shown = Shown(name);
                return new RefusalReason(
                    "parameter-unknown",
                    $"There is no query parameter {shown} on this route.{Nearest.Suggest(name, declared.Keys)}",
                    new FieldError(shown, "unknown query parameter")
                );
            }

            if (values.Count > 1 && !type.IsArray && type != typeof(StringValues))
            {
                var own = declared.Keys.First(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));
                return new RefusalReason(
                    "parameter-repeated",
                    $"{own} may be given once.",
                    new FieldError(own, "is repeated")
                );
            }
        }

        return null;
    }

    // Programs that send JSON everywhere send {} where there is nothing to say.
    private static async Task<bool> IsEmptyAsync(HttpRequest request)
    {
        if (
            request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
            || request.ContentLength == 0
        )
        {
            return true;
        }

        if (request.ContentLength > LongestEmptyBody)
            return false;
        var bytes = new byte[LongestEmptyBody + 1];
        var length = await request.Body.ReadAtLeastAsync(
            bytes,
            bytes.Length,
            throwOnEndOfStream: false,
            request.HttpContext.RequestAborted
        );
        return length <= LongestEmptyBody
            && EmptyObject().IsMatch(System.Text.Encoding.UTF8.GetString(bytes, 0, length));
    }

    // A name is the caller's own text: it is given back only where it is one.
    internal static string Shown(string name) => Name().IsMatch(name) ? name : "(a name that cannot be shown)";

    [GeneratedRegex(@"\A\s*(\{\s*\})?\s*\z")]
    private static partial Regex EmptyObject();

    [GeneratedRegex(@"\A[$_A-Za-z][$_A-Za-z0-9.:-]{0,63}\z")]
    private static partial Regex Name();
}

/// <summary>The name that was probably meant.</summary>
internal static class Nearest
{
    /// <returns>A sentence with a blank before it; where nothing is near, all names where they are few.</returns>
    public static string Suggest(string wrong, IEnumerable<string> right)
    {
        var names = right.Order(StringComparer.Ordinal).ToList();
        var near = names
            .Select(name => (Name: name, Distance: new Damerau().Distance(Plain(wrong), Plain(name))))
            .Where(one => one.Distance <= Math.Max(1, one.Name.Length / 3))
            .OrderBy(one => one.Distance)
            .Select(one => one.Name)
            .FirstOrDefault();
        return near is not null ? $" Did you mean {near}?"
            : names is [] ? " It takes none."
            : names.Count <= 12 ? $" It takes {string.Join(", ", names)}."
            : "";
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
