using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Contracts.Matches;
using Safeguarding.Hosting.SubjectAccess;
using Safeguarding.Messaging;
using Safeguarding.TestKit;

namespace Safeguarding.Cli.Tests;

/// <summary>The three services, as far as they answer about a person who asks: with one withheld item each.</summary>
internal sealed class AnsweringServices : IDisposable
{
    public static readonly Guid Plan = Guid.Parse("0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f");

    private static readonly (string Service, string Variable, string Kind, string Name)[] Known =
    [
        ("plan-registry", "HUB_PLAN_REGISTRY_URL", "plan", "postcodes"),
        ("matching", "HUB_MATCHING_URL", "match", "decidedBy"),
        ("notification", "HUB_NOTIFICATION_URL", "alert", "settledBy"),
    ];

    private readonly List<HttpListener> _listeners = [];

    public AnsweringServices()
    {
        foreach (var (service, variable, kind, name) in Known)
        {
            var listener = new HttpListener();
            var address = $"http://127.0.0.1:{FreePort.Next()}/";
            listener.Prefixes.Add(address);
            listener.Start();
            _listeners.Add(listener);
            Environment.SetEnvironmentVariable(variable, address);
            _ = AnswerAsync(listener, service, kind, name);
        }
    }

    /// <summary>Everything that was sent, by service.</summary>
    public ConcurrentBag<(string Service, string Address, string? Token, JsonNode Body)> Sent { get; } = [];

    /// <summary>What was sent last to that service.</summary>
    public JsonNode BodyTo(string service) => Sent.Single(one => one.Service == service).Body;

    public static string ItemOf(string service) =>
        Known.Single(one => one.Service == service) is var known ? $"{known.Kind}/{Plan}/{known.Name}" : "";

    public void Stop(string service) =>
        _listeners[Known.Index().Single(one => one.Item.Service == service).Index].Stop();

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Close();
        foreach (var (_, variable, _, _) in Known)
            Environment.SetEnvironmentVariable(variable, null);
    }

    private async Task AnswerAsync(HttpListener listener, string service, string kind, string name)
    {
        try
        {
            while (await listener.GetContextAsync() is var call)
            {
                var body = (await JsonNode.ParseAsync(call.Request.InputStream))!;
                Sent.Add((service, call.Request.RawUrl!, call.Request.Headers["Authorization"], body));
                var isReleased = body["releases"]!.AsArray().Any(one => (string?)one!["item"] == ItemOf(service));
                call.Response.ContentType = "application/json";
                if ((string?)body["plan"] == "none")
                {
                    call.Response.StatusCode = (int)HttpStatusCode.NotFound;
                }
                else
                {
                    await JsonSerializer.SerializeAsync(
                        call.Response.OutputStream,
                        Answer(isReleased),
                        HubJson.Options
                    );
                }

                call.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }

        SubjectAccessDocument Answer(bool isReleased) =>
            new(
                TimeProvider.System.GetUtcNow(),
                "E09000012",
                [
                    new(
                        kind,
                        [
                            new($"{kind}/{Plan}/state", "state", "open", null),
                            isReleased
                                ? new(ItemOf(service), name, $"what {service} withheld", null)
                                : new(ItemOf(service), name, null, Withheld.Location),
                        ]
                    ),
                ],
                ["Something: elsewhere."],
                "The same.",
                service == "plan-registry" ? [new(Plan, MatchRole.Child)] : null
            );
    }
}
