using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Safeguarding.Hosting.Access;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>
/// Versions as entity tags: <c>If-Match</c> amends only what the sender has seen, <c>If-None-Match: *</c> only
/// creates.
/// </summary>
internal static class Precondition
{
    public static bool Holds(HttpRequest request, long? version)
    {
        var headers = request.GetTypedHeaders();
        if (
            request.Headers.IfMatch.Count > 0
            && (version is not { } held || !headers.IfMatch.Any(tag => Names(tag, held)))
        )
        {
            return false;
        }

        return request.Headers.IfNoneMatch.Count == 0
            || version is not { } there
            || !headers.IfNoneMatch.Any(tag => Names(tag, there));
    }

    public static void Tag(HttpResponse response, long version) => response.Headers.ETag = Text(version);

    public static ProblemHttpResult Failed() =>
        Refusal.Problem(
            StatusCodes.Status412PreconditionFailed,
            "changed-meanwhile",
            "It is not in the version that If-Match or If-None-Match asks for. Read it again."
        );

    private static bool Names(EntityTagHeaderValue tag, long version) =>
        tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag == Text(version));

    private static string Text(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
