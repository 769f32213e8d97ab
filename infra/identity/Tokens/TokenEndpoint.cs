using System.Text.Json;
using Microsoft.Extensions.Options;
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
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(1);

    // A person signs in between pushing the request and getting the code.
    public static readonly TimeSpan RequestLife = TimeSpan.FromMinutes(10);

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
                server.AllowAuthorizationCodeFlow();
                server.AllowRefreshTokenFlow();
                server.RequireProofKeyForCodeExchange();
                server.RequirePushedAuthorizationRequests();
                server.SetAuthorizationCodeLifetime(CodeLife);
                server.Configure(options =>
                {
                    options.RequestTokenLifetime = RequestLife;
                    options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
                });
                server.SetTokenEndpointUris(Paths.Token);
                server.SetAuthorizationEndpointUris(Paths.Authorize);
                server.SetPushedAuthorizationEndpointUris(Paths.Push);
                server.SetEndSessionEndpointUris(Paths.EndSession);
                server.SetRevocationEndpointUris(Paths.Revoke);
                server.SetConfigurationEndpointUris(Paths.Metadata);
                server.SetJsonWebKeySetEndpointUris(Paths.KeySet);
                server.RegisterScopes([.. HubRoles.Scopes.Select(scope => scope.Scope)]);
                server.SetAccessTokenLifetime(TokenLife);
                server.DisableAccessTokenEncryption();

                server.AddEventHandler(ValidateAssertion.Descriptor);
                server.AddEventHandler(AuthenticateClient.Descriptor);
                server.AddEventHandler(NarrowScopes.Descriptor);
                server.AddEventHandler(IssueToken.Descriptor);
                server.AddEventHandler(RecordRefusal.Descriptor);
                server.AddEventHandler(ShapeErrors.Descriptor);
                server.AddEventHandler(RevokeToken.Validating);
                server.AddEventHandler(RevokeToken.Handling);
                server.AddEventHandler(PushedRequests.Keeping);
                server.AddEventHandler(PushedRequests.Finding);
                foreach (var descriptor in AuthorizationRequests.Descriptors)
                    server.AddEventHandler(descriptor);
                server.AddEventHandler<HandleConfigurationRequestContext>(handler =>
                    handler.UseInlineHandler(context =>
                    {
                        context.Metadata["token_endpoint_auth_signing_alg_values_supported"] = new(
                            JsonSerializer.SerializeToElement(SigningAlgorithms.Accepted)
                        );
                        // Ours; at the address of the request, as the keys are.
                        context.Metadata["revocations_uri"] = new Uri(context.BaseUri!, Paths.Revocations).AbsoluteUri;
                        return ValueTask.CompletedTask;
                    })
                );

                server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableEndSessionEndpointPassthrough();
            });
        builder.Services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(provider =>
            provider.GetRequiredService<SigningKeys>()
        );
        builder.Services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider =>
            provider.GetRequiredService<SigningKeys>()
        );
        builder
            .Services.AddOptions<OpenIddictServerOptions>()
            .Configure<IOptions<IdentityOptions>>(
                (options, settings) =>
                {
                    options.Issuer = settings.Value.Issuer;
                    // What the metadata says. It is taken at the service's internal address too.
                    options.TokenEndpointUris.Insert(0, new Uri(settings.Value.TokenUrl()));
                    options.AuthorizationEndpointUris.Insert(0, new Uri(settings.Value.PublicUrlOf(Paths.Authorize)));
                    options.PushedAuthorizationEndpointUris.Insert(0, new Uri(settings.Value.PublicUrlOf(Paths.Push)));
                    options.RevocationEndpointUris.Insert(0, new Uri(settings.Value.PublicUrlOf(Paths.Revoke)));
                    options.EndSessionEndpointUris.Insert(0, new Uri(settings.Value.PublicUrlOf(Paths.EndSession)));
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
            .Configure<IOptions<IdentityOptions>>(
                (options, settings) => options.DisableTransportSecurityRequirement = settings.Value.AllowHttp
            );
    }
}
