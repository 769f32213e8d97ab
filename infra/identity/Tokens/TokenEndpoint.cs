using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Assertions;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Keys;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

internal static class TokenEndpoint
{
    // As the NHS API platform's.
    private static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(599);

    public static void AddTokenEndpoint(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOpenIddict()
            .AddServer(server =>
            {
                // Clients come from the clients file and tokens are not stored, so OpenIddict's own stores have no part
                // here; in exchange, AuthenticateClient must let nobody through by omission.
                server.EnableDegradedMode();
                server.AllowClientCredentialsFlow();
                server.SetTokenEndpointUris(Paths.Token);
                server.SetConfigurationEndpointUris(Paths.Metadata);
                server.SetJsonWebKeySetEndpointUris(Paths.KeySet);
                server.RegisterScopes([.. HubRoles.Scopes.Select(scope => scope.Scope)]);
                server.SetAccessTokenLifetime(TokenLife);
                server.DisableAccessTokenEncryption();
                // Demanded, and used for nothing: access tokens are signed only. A symmetric one is made at once; an
                // RSA pair takes seconds.
                server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));

                server.AddEventHandler(ValidateAssertion.Descriptor);
                server.AddEventHandler(AuthenticateClient.Descriptor);
                server.AddEventHandler(NarrowScopes.Descriptor);
                server.AddEventHandler(IssueToken.Descriptor);
                server.AddEventHandler(RecordRefusal.Descriptor);
                server.AddEventHandler<HandleConfigurationRequestContext>(handler =>
                    handler.UseInlineHandler(context =>
                    {
                        context.Metadata["token_endpoint_auth_signing_alg_values_supported"] = new(
                            JsonSerializer.SerializeToElement(SigningAlgorithms.Accepted)
                        );
                        return ValueTask.CompletedTask;
                    })
                );

                server.UseAspNetCore();
            });
        builder.Services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(provider =>
            provider.GetRequiredService<SigningKeys>()
        );
        builder.Services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider =>
            provider.GetRequiredService<SigningKeys>()
        );
        builder
            .Services.AddOptions<OpenIddictServerOptions>()
            .Configure<IOptions<IdentitySettings>>(
                (options, settings) =>
                {
                    options.Issuer = settings.Value.Issuer;
                    // What the metadata says. It is taken at the service's internal address too.
                    options.TokenEndpointUris.Insert(0, new Uri(settings.Value.TokenUrl()));
                    options.Scopes.Remove(Scopes.OpenId); // systems only: nobody signs in here
                    options.ClientAuthenticationMethods.Clear();
                    options.ClientAuthenticationMethods.Add(ClientAuthenticationMethods.PrivateKeyJwt);
                    if (settings.Value.AllowClientSecrets)
                    {
                        options.ClientAuthenticationMethods.UnionWith([
                            ClientAuthenticationMethods.ClientSecretBasic,
                            ClientAuthenticationMethods.ClientSecretPost,
                        ]);
                    }
                }
            );
        builder
            .Services.AddOptions<OpenIddictServerAspNetCoreOptions>()
            .Configure<IOptions<IdentitySettings>>(
                (options, settings) => options.DisableTransportSecurityRequirement = settings.Value.AllowHttp
            );
    }
}
