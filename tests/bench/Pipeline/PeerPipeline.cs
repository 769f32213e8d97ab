using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Safeguarding.Bench.Load;
using Safeguarding.Bench.Peer;
using Safeguarding.Bench.Sink;

namespace Safeguarding.Bench.Pipeline;

/// <summary>
/// A pipeline of <c>tests/bench/baseline</c>, on the same servers, with the same plans, over the same
/// sink.
/// </summary>
internal sealed class PeerPipeline(PeerKind kind, WebhookSink sink, int plans) : IPipeline
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new();
    private readonly PeerServers _servers = new(kind);
    private readonly PeerTokens _tokens = new();
    private readonly List<PeerRole> _roles = [];
    private readonly Dictionary<string, int> _processes = new(StringComparer.Ordinal);

    public string Name => kind.Title();

    public IReadOnlyDictionary<string, int> Processes => _processes;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _servers.MakeAsync(cancellationToken);
        var secret = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        sink.Expect(kind.Word(), secret);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Peer"] = _servers.Postgres,
            ["RabbitMq__Uri"] = _servers.RabbitMq.ToString(),
            ["Webhook__Url"] = sink.AddressOf(kind.Word()).ToString(),
            ["Webhook__Secret"] = secret,
            ["Token__Issuer"] = PeerTokens.Issuer,
            ["Token__Audience"] = PeerTokens.Audience,
            ["Token__Key"] = _tokens.PublicKey,
        };
        foreach (var role in new[] { "intake", "match", "notify" })
        {
            var started = await PeerRole.StartAsync(kind, role, settings, cancellationToken);
            _roles.Add(started);
            _processes[$"{Name} {role}"] = started.ProcessId;
        }

        // The roles have made their tables by now.
        await _servers.LoadPlansAsync(plans, cancellationToken);
        Servers.AddTo(_processes);
    }

    public Task<IngestEndpoint> OpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult(
            new IngestEndpoint(
                new Uri(_roles[0].Address, "/fhir/Encounter"),
                kind == PeerKind.Safe ? _tokens.Sign() : null
            )
        );

    public async Task WaitUntilIdleAsync(CancellationToken cancellationToken)
    {
        while (
            await HandledAsync(_roles[1], cancellationToken) < await HandledAsync(_roles[0], cancellationToken)
            || await HandledAsync(_roles[2], cancellationToken) < await MatchedAsync(cancellationToken)
        )
        {
            await Task.Delay(Look, cancellationToken);
        }
    }

    // Its webhooks name the encounter in the alert's place.
    public Task<IReadOnlyDictionary<Guid, Guid>> EncountersOfAsync(
        IReadOnlyCollection<ReceivedWebhook> webhooks,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlyDictionary<Guid, Guid>>(
            webhooks
                .DistinctBy(webhook => webhook.AlertId)
                .ToDictionary(webhook => webhook.AlertId, webhook => webhook.AlertId)
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var role in _roles)
            role.Dispose();
        await _servers.DropAsync();
        _tokens.Dispose();
        _http.Dispose();
    }

    private Task<long> HandledAsync(PeerRole role, CancellationToken cancellationToken) =>
        CountAsync(role, "handled", cancellationToken);

    private Task<long> MatchedAsync(CancellationToken cancellationToken) =>
        CountAsync(_roles[1], "published", cancellationToken);

    private async Task<long> CountAsync(PeerRole role, string name, CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<JsonElement>(new Uri(role.Address, "/counts"), cancellationToken))
            .GetProperty(name)
            .GetInt64();
}
