using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using OpenIddict.Client;
using OpenIddict.Client.AspNetCore;
using Safeguarding.Identity.Development;
using Safeguarding.Identity.Keys;

namespace Safeguarding.Identity.People;

internal static class PeopleRegistration
{
    private static readonly TimeSpan SignInTakes = TimeSpan.FromMinutes(10);

    public static void AddPeople(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<DevelopmentIssuer>();
        services.AddSingleton<ProviderRegister>();
        services.AddScoped<Sessions>();
        if (builder.Configuration["Identity:KeysDirectory"] is { Length: > 0 } keys)
        {
            // For the cookie of a sign-in, on whichever instance it comes back to.
            services
                .AddDataProtection()
                .SetApplicationName("identity")
                .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(keys, "cookies")));
        }

        services
            .AddAuthentication()
            .AddCookie(SignIn.Scheme, cookie =>
            {
                cookie.Cookie.Name = "signin";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = TimeSpan.FromMinutes(5);
                cookie.SlidingExpiration = false;
            });
        services
            .AddOpenIddict()
            .AddClient(client =>
            {
                client.AllowAuthorizationCodeFlow();
                // The state is encrypted and bound to the browser by a cookie; nothing of it is stored.
                client.DisableTokenStorage();
                client.SetStateTokenLifetime(SignInTakes);
                // One is demanded even where there is no provider; each provider adds its own.
                client.SetRedirectionEndpointUris($"{Paths.SignIn.TrimStart('/')}/none");
                client.UseSystemNetHttp();
                // Whoever cancels at the provider, or comes back too late, gets a page and no text of OpenIddict's.
                client.UseAspNetCore().EnableRedirectionEndpointPassthrough().EnableErrorPassthrough();
            });
        services.AddSingleton<IConfigureOptions<OpenIddictClientOptions>>(provider =>
            provider.GetRequiredService<SigningKeys>()
        );
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictClientOptions>>(provider =>
            provider.GetRequiredService<SigningKeys>()
        );
        services.AddSingleton<IConfigureOptions<OpenIddictClientOptions>>(provider =>
            provider.GetRequiredService<ProviderRegister>()
        );
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictClientOptions>>(provider =>
            provider.GetRequiredService<ProviderRegister>()
        );
        services
            .AddOptions<OpenIddictClientOptions>()
            .Configure<IOptions<IdentityOptions>>(
                (options, settings) => options.ClientUri = new Uri(settings.Value.PublicUrlOf("/"))
            );
        services
            .AddOptions<OpenIddictClientAspNetCoreOptions>()
            .Configure<IOptions<IdentityOptions>>(
                (options, settings) =>
                {
                    options.DisableTransportSecurityRequirement = settings.Value.AllowHttp;
                    // Sent when the provider redirects back, and taken by browsers over http too.
                    options.CookieBuilder.SameSite = SameSiteMode.Lax;
                    options.CookieBuilder.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                }
            );
    }
}
