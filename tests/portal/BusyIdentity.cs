using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Safeguarding.Portal.Tests;

/// <summary>Identity to look at, which answers each request for a token by the same status.</summary>
public sealed class BusyIdentity(WebApplication app) : IAsyncDisposable
{
    /// <summary>Where the portal reads it.</summary>
    public string Metadata => $"{app.Urls.Single()}/.well-known/openid-configuration";

    public static async Task<BusyIdentity> StartAsync(Uri identity, int status)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/.well-known/{document}", async (string document) =>
        {
            using var http = new HttpClient();
            return Results.Text(
                await http.GetStringAsync(new Uri(identity, $".well-known/{document}")),
                "application/json"
            );
        });
        app.MapPost("/connect/token", () => Results.StatusCode(status));
        await app.StartAsync();
        return new BusyIdentity(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
