using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.SignIn;

/// <summary>People sign in at identity, and the browser gets a cookie that says nothing.</summary>
internal static class SignInRegistration
{
    private const string CallbackPath = "/signed-in";
    private const string SignedOutPath = "/signed-out";

    // As long as a session at identity lasts at most; what ends it earlier is identity's to say.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(10);

    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ClientKey>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<RenewTokens>();
        services
            .AddAuthentication(schemes =>
            {
                schemes.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                schemes.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
            })
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "__Host-session";
                cookie.Cookie.Path = "/";
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
                cookie.ExpireTimeSpan = Longest;
                cookie.SlidingExpiration = false;
                // The page says which role it needs, at its own address.
                cookie.Events.OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
                cookie.Events.OnValidatePrincipal = context =>
                    context.HttpContext.RequestServices.GetRequiredService<RenewTokens>().ValidateAsync(context);
            })
            .AddOpenIdConnect(oidc => Configure(oidc, builder.Configuration));
        services
            .AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<Sessions>((cookie, sessions) => cookie.SessionStore = sessions);

        var authorization = services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        // A page names the scope that it needs. The services decide; this only keeps people from a dead end.
        foreach (var scope in HubRoles.Scopes.Select(scope => scope.Scope))
        {
            authorization.AddPolicy(scope, policy =>
                policy
                    .RequireAuthenticatedUser()
                    .RequireAssertion(context => SignedInPerson.Of(context.User)?.May(scope) == true)
            );
        }
    }

    /// <summary>
    /// Where a session has ended, the person is asked to sign in again, and comes back to the page. Where identity
    /// cannot be asked, the session stays and the page says so.
    /// </summary>
    public static void UseSignIn(this IApplicationBuilder app)
    {
        app.UseAuthentication();
        app.Use(
            async (context, next) =>
            {
                if (
                    context.Items.TryGetValue(RenewTokens.Unavailable, out var unavailable)
                    && context.Features.Get<IExceptionHandlerFeature>() is null
                )
                {
                    ExceptionDispatchInfo.Throw((Exception)unavailable!);
                }

                try
                {
                    if (!context.Items.ContainsKey(RenewTokens.Ended))
                    {
                        await next(context);
                        return;
                    }
                }
                catch (SessionEndedException) when (!context.Response.HasStarted)
                {
                    context.Response.Clear();
                }

                await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
                var page = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path : new PathString("/");
                context.Response.Redirect($"/session-ended{QueryString.Create("to", page)}");
            }
        );
    }

    private static void Configure(OpenIdConnectOptions oidc, ConfigurationManager configuration)
    {
        var issuer = configuration["Identity:Issuers:0:Issuer"]!;
        oidc.ClientId = ClientKey.ClientId;
        oidc.Authority = issuer;
        oidc.MetadataAddress = configuration["Identity:Issuers:0:Metadata"]
            ?? $"{issuer.TrimEnd('/')}/.well-known/openid-configuration";
        oidc.RequireHttpsMetadata = !configuration.GetValue("Identity:AllowHttp", false);
        oidc.BackchannelHttpHandler = new AtMetadataAddress(new Uri(issuer), new Uri(oidc.MetadataAddress));
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        // Identity sends the browser back by a redirect, so that cookies can be SameSite=Lax.
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Require;
        oidc.Scope.Clear();
        oidc.Scope.Add("openid");
        oidc.Scope.Add("offline_access");
        oidc.CallbackPath = CallbackPath;
        oidc.SignedOutCallbackPath = SignedOutPath;
        oidc.SaveTokens = true;
        oidc.MapInboundClaims = false;
        oidc.DisableTelemetry = true;
        oidc.TokenValidationParameters.NameClaimType = "name";
        oidc.CorrelationCookie.SameSite = SameSiteMode.Lax;
        oidc.NonceCookie.SameSite = SameSiteMode.Lax;
        oidc.Events = new OpenIdConnectEvents
        {
            OnRedirectToIdentityProvider = context =>
            {
                context.ProtocolMessage.RedirectUri = Address(context.HttpContext, CallbackPath);
                return Task.CompletedTask;
            },
            OnPushAuthorization = async context =>
            {
                Sign(context.HttpContext, context.ProtocolMessage, await TokenEndpointAsync(context.Options));
                context.HandleClientAuthentication();
            },
            OnAuthorizationCodeReceived = async context =>
                Sign(context.HttpContext, context.TokenEndpointRequest!, await TokenEndpointAsync(context.Options)),
            OnRedirectToIdentityProviderForSignOut = context =>
            {
                context.ProtocolMessage.PostLogoutRedirectUri = Address(context.HttpContext, SignedOutPath);
                return Task.CompletedTask;
            },
            OnRemoteFailure = context =>
            {
                context.Response.Redirect("/sign-in-failed");
                context.HandleResponse();
                return Task.CompletedTask;
            },
        };
    }

    // A setting, never the Host header, which the sender chooses.
    private static string Address(HttpContext context, string path) =>
        context.RequestServices.GetRequiredService<PublicAddress>().UrlOf(path);

    private static async Task<string> TokenEndpointAsync(OpenIdConnectOptions oidc) =>
        (await oidc.ConfigurationManager!.GetConfigurationAsync(CancellationToken.None)).TokenEndpoint;

    private static void Sign(HttpContext context, OpenIdConnectMessage request, string audience) =>
        context.RequestServices.GetRequiredService<ClientKey>().Sign(request, audience);

    /// <summary>
    /// Identity names its endpoints as browsers reach them. The portal reaches it where it reads the metadata, which in
    /// a private network is another address.
    /// </summary>
    private sealed class AtMetadataAddress(Uri issuer, Uri metadata) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (issuer.IsBaseOf(request.RequestUri!))
                request.RequestUri = new Uri(new Uri(metadata, "/"), request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
