using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Client;
using OpenIddict.Server;

namespace Safeguarding.Identity.Keys;

/// <summary>
/// The keys in the directory. All are published; the newest whose time has come signs. A key for a later time is
/// published before it signs, so that no service meets a token whose key it has not seen.
/// </summary>
internal sealed partial class SigningKeys(
    IOptions<IdentityOptions> settings,
    TimeProvider clock,
    ILogger<SigningKeys> logger
)
    : IConfigureOptions<OpenIddictServerOptions>,
        IOptionsChangeTokenSource<OpenIddictServerOptions>,
        IConfigureOptions<OpenIddictClientOptions>,
        IOptionsChangeTokenSource<OpenIddictClientOptions>
{
    private volatile IReadOnlyList<SigningKey> _keys = [];
    private ConfigurationReloadToken _changed = new();
    private string? _error;

    public string? Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => _changed;

    public void Configure(OpenIddictServerOptions options)
    {
        options.SigningCredentials.AddRange(Signing());
        options.EncryptionCredentials.AddRange(Encrypting());
    }

    public void Configure(OpenIddictClientOptions options)
    {
        options.SigningCredentials.AddRange(Signing());
        options.EncryptionCredentials.AddRange(Encrypting());
    }

    /// <summary>What tokens are checked by.</summary>
    public IEnumerable<SecurityKey> Published => _keys.Select(key => key.Key);

    public void Load()
    {
        var directory = Directory.CreateDirectory(settings.Value.KeysDirectory).FullName;
        if (Directory.GetFiles(directory, "*.pem").Length == 0)
            SigningKey.Generate(directory, clock.GetUtcNow());
        _keys = Read();
        Signs(logger, _keys.Count, _keys[0].Key.KeyId);
    }

    public void Reload()
    {
        try
        {
            var keys = Read();
            if (keys.Select(key => key.Key.KeyId).SequenceEqual(_keys.Select(key => key.Key.KeyId)))
                return;
            _keys = keys;
            _error = null;
            Signs(logger, keys.Count, keys[0].Key.KeyId);
            Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
        }
        catch (Exception exception)
            when (exception is BadSigningKeyException or IOException or UnauthorizedAccessException)
        {
            if (_error == exception.Message)
                return;
            _error = exception.Message;
            KeptPrevious(logger, _error);
        }
    }

    private IEnumerable<SigningCredentials> Signing() =>
        _keys.Select(key => new SigningCredentials(key.Key, SecurityAlgorithms.RsaSha256));

    private IEnumerable<EncryptingCredentials> Encrypting() =>
        _keys.Select(key => new EncryptingCredentials(
            key.EncryptionKey,
            SecurityAlgorithms.Aes256KW,
            SecurityAlgorithms.Aes256CbcHmacSha512
        ));

    // The one that signs first, then the rest, newest first.
    private IReadOnlyList<SigningKey> Read()
    {
        var now = clock.GetUtcNow();
        var keys = Directory.GetFiles(settings.Value.KeysDirectory, "*.pem").Select(SigningKey.Read).ToList();
        if (!keys.Exists(key => key.From <= now))
            throw new BadSigningKeyException("No key's time has come: at least one must sign now.");
        return [.. keys.OrderByDescending(key => key.From <= now).ThenByDescending(key => key.From)];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} signing keys are published; {KeyId} signs")]
    private static partial void Signs(ILogger logger, int count, string keyId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The signing keys are invalid; the previous keys stay in force: {Error}"
    )]
    private static partial void KeptPrevious(ILogger logger, string error);
}
