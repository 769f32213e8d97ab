using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Safeguarding.Hosting.Access;
using Safeguarding.TestKit;

namespace Safeguarding.Identity.Tests;

/// <summary>
/// The access part of every service, at a real port, trusting a running identity. It trusts another issuer too, which
/// takes connections and never answers.
/// </summary>
internal sealed class GuardedService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeTimeProvider _clock;
    private readonly TcpListener _hanging;
    private readonly HttpClient _http = new();

    private GuardedService(WebApplication app, FakeTimeProvider clock, TcpListener hanging) =>
        (_app, _clock, _hanging) = (app, clock, hanging);

    public static async Task<GuardedService> StartAsync(Uri identity, FakeTimeProvider clock)
    {
        var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Identity:Issuers:0:Issuer"] = $"http://{hanging.LocalEndpoint}/",
                ["Identity:Issuers:1:Issuer"] = identity.AbsoluteUri,
                ["Identity:AllowHttp"] = "true",
            }
        );
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = RefusalReason.Complete);
        builder.Services.AddHubAccess(builder.Configuration);
        var app = builder.Build();
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", () => TypedResults.Ok()).RequireAuthorization();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new GuardedService(app, clock, hanging);
    }

    /// <summary>200, or the code of the refusal.</summary>
    public async Task<string> Ask(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _app.Urls.Single());
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? "200" : (string?)JsonNode.Parse(body)!["code"] ?? body;
    }

    /// <summary>What it answers once it has asked identity again, which it does at that time.</summary>
    public async Task<string> AskAfterFifteenSeconds(string token)
    {
        _clock.Advance(TimeSpan.FromSeconds(15));
        return await Eventually.UntilAsync(
            () =>
            {
                // Where it was just asking when the clock moved, its next wait began after that.
                _clock.Advance(TimeSpan.FromMilliseconds(100));
                return Ask(token);
            },
            answer => answer != "200"
        );
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _hanging.Dispose();
        await _app.DisposeAsync();
    }
}
