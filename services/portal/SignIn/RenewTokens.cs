using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.SignIn;

/// <summary>
/// Gets a new access token when half of the old one's five minutes have passed, and ends a session in which the person
/// has asked for nothing for <see cref="Idle"/>. A page that keeps itself up to date is nobody asking.
/// </summary>
internal sealed class RenewTokens(
    Sessions sessions,
    ClientKey key,
    IOptionsMonitor<OpenIdConnectOptions> options,
    TimeProvider clock
)
{
    public const string Ended = "session-ended";
    public const string Unavailable = "sign-in-unavailable";
    private const string ExpiresAt = "expires_at";
    private const string ActiveAt = "active_at";
    private const string Left = "session-left";

    /// <summary>As identity, which hears of people only by renewals.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    // As identity gives them.
    private static readonly TimeSpan LifeOfToken = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(2.5);

    // Not at each request, since each is a write.
    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);

    /// <summary>On each request of a person who is signed in.</summary>
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var ticket = new AuthenticationTicket(context.Principal!, context.Properties, context.Scheme.Name);
        var isPerson = !BackgroundRequest.Is(context.HttpContext.Request);
        if (!IsDue(ticket.Properties) && !HasChanged(ticket.Properties, isPerson))
        {
            context.HttpContext.Items[Left] = LeftOf(ticket.Properties);
            return;
        }

        var aborted = context.HttpContext.RequestAborted;
        AuthenticationTicket? newest;
        try
        {
            newest = await sessions.ChangeAloneAsync(
                ticket,
                async properties =>
                {
                    if (IdleFor(properties) > Idle)
                        return false;
                    if (isPerson)
                        properties.Items[ActiveAt] = clock.GetUtcNow().ToString("o", CultureInfo.InvariantCulture);
                    return !IsDue(properties) || await RenewAsync(properties);
                },
                aborted
            );
        }
        catch (ServiceUnavailableException exception)
        {
            // Thrown after authentication, which would throw again for the page that says so.
            context.RejectPrincipal();
            context.HttpContext.Items[Unavailable] = exception;
            return;
        }

        if (newest is null)
        {
            context.RejectPrincipal();
            context.HttpContext.Items[Ended] = true;
            return;
        }

        context.Properties.StoreTokens(newest.Properties.GetTokens());
        context.HttpContext.Items[Left] = LeftOf(newest.Properties);
    }

    /// <summary>How long the session lasts if the person does nothing more.</summary>
    public static TimeSpan LeftFor(HttpContext context) => context.Items[Left] as TimeSpan? ?? Idle;

    private TimeSpan LeftOf(AuthenticationProperties properties)
    {
        var here = Idle - IdleFor(properties);
        var atIdentity = RenewedAt(properties) + Idle - clock.GetUtcNow();
        return here < atIdentity ? here : atIdentity;
    }

    private static DateTimeOffset RenewedAt(AuthenticationProperties properties) =>
        DateTimeOffset.Parse(properties.GetTokenValue(ExpiresAt)!, CultureInfo.InvariantCulture) - LifeOfToken;

    private bool HasChanged(AuthenticationProperties properties, bool isPerson) =>
        IdleFor(properties) > (isPerson ? NotedEvery : Idle);

    private TimeSpan IdleFor(AuthenticationProperties properties) =>
        clock.GetUtcNow()
        - (
            properties.Items.TryGetValue(ActiveAt, out var at) && at is not null
                ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)
                : RenewedAt(properties)
        );

    private bool IsDue(AuthenticationProperties properties) =>
        DateTimeOffset.Parse(properties.GetTokenValue(ExpiresAt)!, CultureInfo.InvariantCulture)
        < clock.GetUtcNow() + Early;

    /// <returns>False where identity refuses.</returns>
    /// <exception cref="ServiceUnavailableException">Identity does not answer, or not now: the session stays.</exception>
    private async Task<bool> RenewAsync(AuthenticationProperties properties)
    {
        var oidc = options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        HttpResponseMessage answer;
        try
        {
            var identity = await oidc.ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
            var request = new OpenIdConnectMessage
            {
                GrantType = OpenIdConnectGrantTypes.RefreshToken,
                RefreshToken = properties.GetTokenValue("refresh_token"),
            };
            key.Sign(request, identity.TokenEndpoint);
            using var form = new FormUrlEncodedContent(request.Parameters);
            answer = await oidc.Backchannel.PostAsync(identity.TokenEndpoint, form, CancellationToken.None);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            throw new ServiceUnavailableException("Sign-in");
        }

        using (answer)
        {
            // Too many, too slow or broken: identity has said nothing of the session.
            if (
                answer.StatusCode
                is HttpStatusCode.TooManyRequests
                    or HttpStatusCode.RequestTimeout
                    or >= HttpStatusCode.InternalServerError
            )
            {
                throw new ServiceUnavailableException("Sign-in");
            }

            if (!answer.IsSuccessStatusCode)
                return false;
            var tokens = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync());
            properties.StoreTokens([
                new() { Name = "access_token", Value = tokens.AccessToken },
                new() { Name = "refresh_token", Value = tokens.RefreshToken },
                new() { Name = "id_token", Value = tokens.IdToken ?? properties.GetTokenValue("id_token")! },
                new()
                {
                    Name = ExpiresAt,
                    Value = (
                        clock.GetUtcNow()
                        + TimeSpan.FromSeconds(int.Parse(tokens.ExpiresIn, CultureInfo.InvariantCulture))
                    ).ToString("o", CultureInfo.InvariantCulture),
                },
            ]);
            return true;
        }
    }
}
