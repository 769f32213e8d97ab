using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Practice;

/// <summary>
/// Access tokens of the made-up organisations' systems. All of them sign with the practice key, which identity knows
/// for these clients alone: no person's token and no real system's is used.
/// </summary>
public sealed class PracticeTokens : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);
    private static readonly JsonWebTokenHandler Assertions = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _held = new();
    private readonly IOptionsMonitor<OpenIdConnectOptions> _options;
    private readonly TimeProvider _clock;
    private readonly RSA _rsa = RSA.Create();
    private readonly Lazy<SigningCredentials> _credentials;

    /// <summary>Reads no key yet: where the area is off there is none.</summary>
    /// <param name="configuration">With the key.</param>
    /// <param name="options">Where identity is.</param>
    /// <param name="clock">The clock.</param>
    public PracticeTokens(
        IConfiguration configuration,
        IOptionsMonitor<OpenIdConnectOptions> options,
        TimeProvider clock
    )
    {
        (_options, _clock) = (options, clock);
        _credentials = new(() =>
        {
            _rsa.ImportFromPem(configuration[PracticeArea.Key]);
            var key = new RsaSecurityKey(_rsa);
            key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
            return new SigningCredentials(key, SecurityAlgorithms.RsaSha512);
        });
    }

    /// <param name="client">Which system.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="ServiceUnavailableException">Identity does not answer, or does not know the client.</exception>
    internal async Task<string> GetAsync(string client, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (_held.TryGetValue(client, out var held) && held.Until > now)
            return held.Token;
        var oidc = _options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        try
        {
            var identity = await oidc.ConfigurationManager!.GetConfigurationAsync(cancellationToken);
            using var form = new FormUrlEncodedContent([
                new("grant_type", "client_credentials"),
                new("client_id", client),
                new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                new("client_assertion", Sign(client, identity.TokenEndpoint, now)),
            ]);
            using var answer = await oidc.Backchannel.PostAsync(identity.TokenEndpoint, form, cancellationToken);
            var token = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync(cancellationToken));
            if (!answer.IsSuccessStatusCode)
                throw new ServiceUnavailableException($"The system {client} of the practice area");
            var life = TimeSpan.FromSeconds(int.Parse(token.ExpiresIn, CultureInfo.InvariantCulture));
            _held[client] = (token.AccessToken, now + life - Early);
            return token.AccessToken;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or InvalidOperationException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            throw new ServiceUnavailableException("Sign-in");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _rsa.Dispose();

    private string Sign(string client, string audience, DateTimeOffset now) =>
        Assertions.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = client,
                Audience = audience,
                Expires = (now + Life).UtcDateTime,
                Claims = new Dictionary<string, object>
                {
                    [JwtRegisteredClaimNames.Sub] = client,
                    [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7().ToString(),
                },
                SigningCredentials = _credentials.Value,
            }
        );
}
