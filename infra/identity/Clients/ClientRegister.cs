using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.Clients;

/// <summary>
/// The clients as the file last said. A bad re-read keeps the last good ones and logs an error, once per
/// fault.
/// </summary>
internal sealed partial class ClientRegister(
    IOptions<IdentityOptions> settings,
    TimeProvider clock,
    ILogger<ClientRegister> logger
)
{
    // No token is older that was got by a key which has ended.
    private static readonly TimeSpan TokensLive = TimeSpan.FromMinutes(11);

    private byte[] _content = [];
    private string? _fault;
    private IReadOnlyDictionary<string, Client> _ofFile = new Dictionary<string, Client>();
    private IReadOnlyList<RegisteredKey> _registered = [];
    private volatile IReadOnlyDictionary<string, Client> _clients = new Dictionary<string, Client>();

    /// <summary>Clients that have lost something. Whoever has revoked the tokens of one takes it out.</summary>
    public ConcurrentQueue<Client> Withdrawn { get; } = new();

    public IEnumerable<Client> All => _clients.Values;

    /// <summary>As the clients file has them, without what organisations registered.</summary>
    public IEnumerable<Client> OfFile => _ofFile.Values;

    public Client? Find(string? id) => id is null ? null : _clients.GetValueOrDefault(id);

    /// <summary>
    /// A system of the caller's organisation, as the clients file has it. Another's and one that there is not are the
    /// same.
    /// </summary>
    public Client? FindOwn(string id, Caller caller) =>
        _ofFile.GetValueOrDefault(id) is { IsForPeople: false } client && client.Organisation == caller.Organisation
            ? client
            : null;

    /// <summary>What organisations registered, as the database has it now.</summary>
    public void Take(IReadOnlyList<RegisteredKey> registered)
    {
        if (
            registered
                .Select(key => (key.Client, key.Organisation, key.Kid, key.EndsAt))
                .SequenceEqual(_registered.Select(key => (key.Client, key.Organisation, key.Kid, key.EndsAt)))
        )
        {
            return;
        }

        _registered = registered;
        Put(_ofFile);
    }

    /// <exception cref="BadClientsFileException">Names the entry at fault.</exception>
    public void Load()
    {
        _content = File.ReadAllBytes(settings.Value.ClientsFile);
        _clients = _ofFile = ClientsFile.Read(_content);
        Loaded(logger, _clients.Count);
        if (
            !settings.Value.AllowClientSecrets
            && _clients.Values.Count(client => client.SecretHash is not null) is > 0 and var refused
        )
        {
            SecretsOff(logger, refused);
        }
    }

    public void Reload()
    {
        try
        {
            var content = File.ReadAllBytes(settings.Value.ClientsFile);
            if (content.AsSpan().SequenceEqual(_content))
                return;
            Put(ClientsFile.Read(content));
            _content = content;
            _fault = null;
            Loaded(logger, _clients.Count);
        }
        catch (Exception exception)
            when (exception is BadClientsFileException or IOException or UnauthorizedAccessException)
        {
            if (_fault == exception.Message)
                return;
            _fault = exception.Message;
            KeptLastGood(logger, _fault);
        }
    }

    private void Put(IReadOnlyDictionary<string, Client> ofFile)
    {
        var registered = _registered.ToLookup(key => key.Client);
        var clients = ofFile.ToDictionary(one => one.Key, one => one.Value.With(registered[one.Key]));
        foreach (var before in _clients.Values.Where(before => HasLost(before, clients.GetValueOrDefault(before.Id))))
            Withdrawn.Enqueue(before);
        (_ofFile, _clients) = (ofFile, clients);
    }

    // Enabled again too: what it had before it was disabled stays revoked.
    private bool HasLost(Client before, Client? now) =>
        now is null
        || now.Disabled != before.Disabled
        || now.Organisation != before.Organisation
        || !now.Scopes.IsSupersetOf(before.Scopes)
        || before.Keys.Any(key => !IsStill(key.Value, now) && !HasLongEnded(before, key.Key))
        || (before.SecretHash is { } secret && now.SecretHash?.AsSpan().SequenceEqual(secret) != true);

    private static bool IsStill(JsonWebKey key, Client now) =>
        now.Keys.TryGetValue(key.Kid, out var same)
        && same.ComputeJwkThumbprint().AsSpan().SequenceEqual(key.ComputeJwkThumbprint());

    private bool HasLongEnded(Client client, string key) =>
        client.KeyEnds.TryGetValue(key, out var end) && end + TokensLive < clock.GetUtcNow();

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} clients are known")]
    private static partial void Loaded(ILogger logger, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} clients have a secret, and secrets are off (Identity__AllowClientSecrets): they get no token"
    )]
    private static partial void SecretsOff(ILogger logger, int count);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The clients file is invalid; the previous clients stay in force: {Fault}"
    )]
    private static partial void KeptLastGood(ILogger logger, string fault);
}
