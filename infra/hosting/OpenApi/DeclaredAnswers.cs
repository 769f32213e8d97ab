using Microsoft.AspNetCore.Builder;

namespace Safeguarding.Hosting.OpenApi;

/// <summary>A status that a route can answer with, and the type of its handler does not say.</summary>
/// <param name="Status">HTTP status.</param>
public sealed record AnswersStatus(int Status);

/// <summary>A header that a route answers with, beside those that every route has.</summary>
/// <param name="Name">Such as <c>ETag</c>.</param>
/// <param name="Description">What it says.</param>
/// <param name="Statuses">The statuses it comes with.</param>
public sealed record AnswersHeader(string Name, string Description, params int[] Statuses);

/// <summary>A header of the request that a route reads itself.</summary>
/// <param name="Name">Such as <c>If-Match</c>.</param>
/// <param name="Example">A value.</param>
/// <param name="Description">What it does.</param>
public sealed record RequestHeader(string Name, string Example, string Description);

/// <summary>An example of what a route answers, where it cannot be made from a schema.</summary>
/// <param name="Text">A resource of FHIR in JSON, or a text of the media type.</param>
/// <param name="MediaType">Null for FHIR.</param>
public sealed record AnswerExample(string Text, string? MediaType = null);

/// <summary>
/// What a route's OpenAPI says beside the parameters and the result of its handler. The tests hold every answer of a
/// service against it.
/// </summary>
public static class DeclaredAnswers
{
    /// <summary>
    /// Declares refusals and other answers of the route's own. Those that every route can give (400, 401, 403, 429,
    /// 500, 503; 404 where it has a path parameter; 408, 413 and 415 where it takes a body) are declared for it.
    /// </summary>
    /// <param name="route">The route or group.</param>
    /// <param name="statuses">HTTP statuses, such as 409.</param>
    public static TBuilder AnswersWith<TBuilder>(this TBuilder route, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata([.. statuses.Select(status => new AnswersStatus(status))]);

    /// <summary>Declares a header of the answer.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="name">Such as <c>ETag</c>.</param>
    /// <param name="description">What it says.</param>
    /// <param name="statuses">The statuses it comes with.</param>
    public static TBuilder AnswersHeader<TBuilder>(
        this TBuilder route,
        string name,
        string description,
        params int[] statuses
    )
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new AnswersHeader(name, description, statuses));

    /// <summary>Declares an entity tag of the resource in the answer.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="statuses">The statuses it comes with.</param>
    public static TBuilder AnswersETag<TBuilder>(this TBuilder route, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        route.AnswersHeader("ETag", "The version, to be sent back in If-Match.", statuses);

    /// <summary>Declares where the new resource is read.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="statuses">The statuses it comes with.</param>
    public static TBuilder AnswersLocation<TBuilder>(this TBuilder route, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        route.AnswersHeader("Location", "Where the new resource is read.", statuses);

    /// <summary>Declares a header of the request that the route reads itself.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="name">Such as <c>If-Match</c>.</param>
    /// <param name="example">A value.</param>
    /// <param name="description">What it does.</param>
    public static TBuilder TakesHeader<TBuilder>(this TBuilder route, string name, string example, string description)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequestHeader(name, example, description));

    /// <summary>Declares an example of the answer, where it cannot be made from a schema.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="example">A resource of FHIR in JSON, or a text of the media type.</param>
    /// <param name="mediaType">Null for FHIR.</param>
    public static TBuilder AnswersLike<TBuilder>(this TBuilder route, string example, string? mediaType = null)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AnswerExample(example, mediaType));
}
