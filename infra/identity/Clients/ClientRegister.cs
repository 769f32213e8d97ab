using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Organisations;
using Safeguarding.Identity.Configuration;

namespace Safeguarding.Identity.Clients;

/// <summary>
/// The clients as the file last said. A bad re-read keeps the last good ones and logs an error, once per
/// error.
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
    private string? _error;
    private IReadOnlyDictionary<string, Client> _ofFile = new Dictionary<string, Client>();
    private IReadOnlyList<RegisteredKey> _registered = [];
    private volatile IReadOnlyDictionary<string, Client> _clients = new Dictionary<string, Client>();

    /// <summary>Clients that have lost something. Whoever has revoked the tokens of one takes it out.</summary>
    public ConcurrentQueue<Client> Withdrawn { get; } = new();

    /// <summary>What it has read and the audit does not say yet. Whoever has recorded one takes it out.</summary>
    public ConcurrentQueue<TakenFile> Taken { get; } = new();

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
        Taken.Enqueue(new(ConfigurationActs.ClientsTaken, _content, WhoChanged(_content), []));
        SayLoaded();
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
            var clients = ClientsFile.Read(content);
            Taken.Enqueue(
                new(ConfigurationActs.ClientsTaken, content, WhoChanged(content), [.. Changes(_ofFile, clients)])
            );
            Put(clients);
            _content = content;
            _error = null;
            SayLoaded();
        }
        catch (Exception exception)
            when (exception is BadClientsFileException or IOException or UnauthorizedAccessException)
        {
            if (_error == exception.Message)
                return;
            _error = exception.Message;
            KeptPrevious(logger, _error);
        }
    }

    private void SayLoaded()
    {
        Loaded(logger, _clients.Count);
        var organisations = _clients.Values.Select(client => client.Organisation).Distinct();
        foreach (var why in organisations.Select(Councils.WhyNotInUse).OfType<string>())
            NotInUse(logger, why);
    }

    private void Put(IReadOnlyDictionary<string, Client> ofFile)
    {
        var registered = _registered.ToLookup(key => key.Client);
        var clients = ofFile.ToDictionary(one => one.Key, one => one.Value.With(registered[one.Key]));
        foreach (var before in _clients.Values.Where(before => HasLost(before, clients.GetValueOrDefault(before.Id))))
            Withdrawn.Enqueue(before);
        (_ofFile, _clients) = (ofFile, clients);
    }

    // The command line notes beside the file who changed it to what; another hand does not.
    private string WhoChanged(byte[] content)
    {
        try
        {
            return
                File.ReadAllText($"{settings.Value.ClientsFile}.by").Trim().Split(' ', 2) is [var digest, var who]
                && digest == Convert.ToHexStringLower(SHA256.HashData(content))
                ? who
                : TakenFile.Unknown;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return TakenFile.Unknown;
        }
    }

    private static IEnumerable<ChangedEntry> Changes(
        IReadOnlyDictionary<string, Client> old,
        IReadOnlyDictionary<string, Client> now
    )
    {
        foreach (var client in now.Values)
        {
            var before = old.GetValueOrDefault(client.Id);
            if (before is null)
            {
                yield return Of(ConfigurationActs.ClientAdded, client);
                continue;
            }

            if (before.Disabled != client.Disabled)
            {
                yield return Of(
                    client.Disabled ? ConfigurationActs.ClientDisabled : ConfigurationActs.ClientEnabled,
                    client
                );
            }

            if (HasOtherKeys(before, client))
                yield return Of(ConfigurationActs.ClientRotated, client);
            if (HasOtherRights(before, client))
                yield return Of(ConfigurationActs.ClientChanged, client);
        }

        foreach (var client in old.Values.Where(client => !now.ContainsKey(client.Id)))
            yield return Of(ConfigurationActs.ClientRemoved, client);

        static ChangedEntry Of(string act, Client client) => new(act, client.Id, client.Organisation);
    }

    private static bool HasOtherKeys(Client before, Client now) =>
        before.Keys.Count != now.Keys.Count
        || before.Keys.Values.Any(key => !IsStill(key, now))
        || !before.KeyEnds.OrderBy(end => end.Key).SequenceEqual(now.KeyEnds.OrderBy(end => end.Key))
        || !(before.SecretHash ?? []).AsSpan().SequenceEqual(now.SecretHash ?? []);

    private static bool HasOtherRights(Client before, Client now) =>
        before.Organisation != now.Organisation
        || before.HasNhsErrors != now.HasNhsErrors
        || !before.Scopes.SetEquals(now.Scopes)
        || !before.RedirectUris.SetEquals(now.RedirectUris)
        || !before.PostLogoutRedirectUris.SetEquals(now.PostLogoutRedirectUris);

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "A client has a code that is not in use: {Why}")]
    private static partial void NotInUse(ILogger logger, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} clients have a secret, and secrets are off (Identity__AllowClientSecrets): they get no token"
    )]
    private static partial void SecretsOff(ILogger logger, int count);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The clients file is invalid; the previous clients stay in force: {Error}"
    )]
    private static partial void KeptPrevious(ILogger logger, string error);
}
