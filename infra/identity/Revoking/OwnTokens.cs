using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Keys;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.Revoking;

/// <summary>
/// Identity checks tokens that come to itself as every service does, by the keys and revocations that it has, without
/// asking itself over the network.
/// </summary>
internal sealed class OwnTokens(SigningKeys keys, IOptions<IdentityOptions> settings, TimeProvider clock)
    : IConfigurationManager<OpenIdConnectConfiguration>
{
    /// <summary>As tokens have it; null where the setting is wrong, which stops the start.</summary>
    public static string? IssuerOf(IConfiguration configuration) =>
        Uri.TryCreate(configuration["Identity:Issuer"], UriKind.Absolute, out var issuer) ? issuer.AbsoluteUri : null;

    public void Configure(JwtBearerOptions bearer)
    {
        bearer.ConfigurationManager = this;
        bearer.Events.OnTokenValidated = RefuseRevokedAsync;
    }

    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        var metadata = new OpenIdConnectConfiguration { Issuer = settings.Value.Issuer!.AbsoluteUri };
        foreach (var key in keys.Published)
            metadata.SigningKeys.Add(key);
        return Task.FromResult(metadata);
    }

    public void RequestRefresh()
    {
        // There is nothing to fetch.
    }

    private async Task RefuseRevokedAsync(TokenValidatedContext context)
    {
        var services = context.HttpContext.RequestServices;
        var revocations = new Revocations(clock);
        revocations.Hear(
            await RevocationRoute.ListAsync(
                services.GetRequiredService<IdentityDb>(),
                services.GetRequiredService<ClientRegister>(),
                clock.GetUtcNow(),
                context.HttpContext.RequestAborted
            )
        );
        if (revocations.WhyRefused(TokenIds.Of(context.SecurityToken)) is { } refused)
            context.Fail(refused);
    }
}
