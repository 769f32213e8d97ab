using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Safeguarding.TestKit;

/// <summary>
/// Fails a test whose request a service answers otherwise than docs/openapi says: with another status, another media
/// type, or a header that no generated client knows of. So every test of a route is one of its document too.
/// </summary>
/// <param name="service">The service's name, such as <c>matching</c>; one without a document is not held against
/// any.</param>
/// <param name="inner">What sends.</param>
public sealed class DeclaredAnswers(string service, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly string[] Headers =
    [
        "ETag",
        "Last-Modified",
        "Link",
        "Location",
        "Retry-After",
        "WWW-Authenticate",
    ];

    private static readonly ConcurrentDictionary<string, IReadOnlyList<Operation>> Documents = new();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (OperationOf(request) is { } operation && Undeclared(operation, answer) is { } what)
        {
            Assert.Fail(
                $"{operation.Method} {operation.Path} answered {what}, which docs/openapi/{service}.json does not declare."
            );
        }

        return answer;
    }

    private Operation? OperationOf(HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath.TrimEnd('/');
        return Documents
            .GetOrAdd(service, Read)
            .FirstOrDefault(one => one.Method == request.Method && one.Template.IsMatch(path));
    }

    private static string? Undeclared(Operation operation, HttpResponseMessage answer)
    {
        var status = $"{(int)answer.StatusCode}";
        if (operation.Responses[status] is not JsonObject declared)
            return status;
        if (answer.Content.Headers.ContentType?.MediaType is { } type && declared["content"]?[type] is null)
            return $"{status} with {type}";
        return Headers
            .Where(name =>
                answer.Headers.NonValidated.Contains(name) || answer.Content.Headers.NonValidated.Contains(name)
            )
            .Where(name => declared["headers"]?[name] is null)
            .Select(name => $"{status} with the header {name}")
            .FirstOrDefault();
    }

    // Those without parameters first, as routing does.
    private static IReadOnlyList<Operation> Read(string service)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Safeguarding.sln")))
            root = Path.GetDirectoryName(root)!;
        var file = Path.Combine(root, "docs", "openapi", $"{service}.json");
        if (!File.Exists(file))
            return [];
        return
        [
            .. JsonNode.Parse(File.ReadAllText(file))!["paths"]!
                .AsObject()
                .OrderBy(path => path.Key.Count(c => c == '{'))
                .SelectMany(path =>
                    path.Value!.AsObject()
                        .Select(operation => new Operation(
                            new HttpMethod(operation.Key.ToUpperInvariant()),
                            path.Key,
                            new Regex($@"\A{Regex.Replace(Regex.Escape(path.Key), @"\\\{[^}]+\}", "[^/]+")}\z"),
                            operation.Value!["responses"]!.AsObject()
                        ))
                ),
        ];
    }

    private sealed record Operation(HttpMethod Method, string Path, Regex Template, JsonObject Responses);
}
