using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Safeguarding.Hosting;

/// <summary>
/// The address under which callers reach this service: what Location, fullUrl, the CapabilityStatement and OpenAPI say.
/// It is <c>Hub__PublicUrl</c>, or where that is not set the address that the service listens on. A request's Host
/// header is never believed, because its sender chooses it.
/// </summary>
/// <param name="configuration">The service's configuration.</param>
/// <param name="server">The web server.</param>
/// <param name="lifetime">Says since when the server listens.</param>
public sealed class PublicAddress(IConfiguration configuration, IServer server, IHostApplicationLifetime lifetime)
{
    private const string Setting = "Hub:PublicUrl";
    private const string Proxies = "Hub:TrustedProxies";

    private string? _root;

    /// <summary>Scheme, host, port and path prefix, without a slash at its end.</summary>
    public string Root
    {
        get
        {
            if (_root is not null)
                return _root;
            var root = AsSet ?? Listening().TrimEnd('/');
            // Before it listens the server does not know its port.
            if (AsSet is not null || lifetime.ApplicationStarted.IsCancellationRequested)
                _root = root;
            return root;
        }
    }

    /// <summary>The same; null where it is not set, because the address of one start means nothing elsewhere.</summary>
    public string? AsSet => configuration[Setting] is { Length: > 0 } set ? set.TrimEnd('/') : null;

    /// <summary>The service's address of a path.</summary>
    /// <param name="path">Begins with a slash.</param>
    public string UrlOf(string path) => Root + path;

    /// <summary>Adds the address, and belief in the headers of <c>Hub__TrustedProxies</c> and of nobody else.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<PublicAddress>();
        if (Trusted(configuration) is not { Length: > 0 } trusted)
            return;
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            // Not the host: the public address is a setting.
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = trusted.Length;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in trusted)
            {
                options.KnownIPNetworks.Add(
                    System.Net.IPNetwork.Parse(
                        network.Contains('/', StringComparison.Ordinal)
                            ? network
                            : $"{network}/{(network.Contains(':', StringComparison.Ordinal) ? 128 : 32)}"
                    )
                );
            }
        });
    }

    /// <summary>
    /// Uses it: forwarded headers before everything else, and a Location that is a path begins with the path of the
    /// public address, where the proxy has one.
    /// </summary>
    public static void Use(WebApplication app)
    {
        if (Trusted(app.Configuration).Length > 0)
            app.UseForwardedHeaders();
        if (Prefix(app.Configuration) is not { Length: > 0 } prefix)
            return;
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    var headers = context.Response.Headers;
                    if (headers.Location.ToString() is ['/', ..] path)
                        headers.Location = prefix + path;
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
    }

    /// <summary>What is wrong with its settings, in words for who set them; null where nothing is.</summary>
    public static string? ValidationErrors(IConfiguration configuration)
    {
        if (configuration["Fhir:PublicUrl"] is { Length: > 0 })
        {
            return "Fhir__PublicUrl is now Hub__PublicUrl, the address of the service without /fhir at its end, such as "
                + "https://hub.example/alerts.";
        }

        if (
            configuration[Setting] is { Length: > 0 } url
            && !(
                Uri.TryCreate(url, UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https"
                && uri.Query.Length == 0
                && uri.Fragment.Length == 0
            )
        )
        {
            return "Hub__PublicUrl must be an absolute http or https address without query, such as "
                + "https://hub.example/encounters.";
        }

        return Trusted(configuration).FirstOrDefault(network => !IsNetwork(network)) is { } wrong
            ? $"Hub__TrustedProxies names {wrong}: addresses or networks such as 10.0.0.4 or 10.0.0.0/24, separated "
                + "by commas."
            : null;
    }

    private static string Prefix(IConfiguration configuration) =>
        Uri.TryCreate(configuration[Setting], UriKind.Absolute, out var set) ? set.AbsolutePath.TrimEnd('/') : "";

    private static bool IsNetwork(string text) =>
        System.Net.IPAddress.TryParse(text, out _) || System.Net.IPNetwork.TryParse(text, out _);

    private static string[] Trusted(IConfiguration configuration) =>
        configuration[Proxies]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        ?? [];

    // All interfaces have no name that a caller could use.
    private string Listening() =>
        (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost")
            .Replace("//[::]", "//localhost", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal);
}
