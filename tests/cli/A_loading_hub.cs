using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Safeguarding.TestKit;

namespace Safeguarding.Cli.Tests;

/// <summary>Identity and encounter-ingest as far as <c>ods load</c> asks them.</summary>
internal sealed class A_loading_hub : IDisposable
{
    private static readonly string[] Variables = ["HUB_IDENTITY_URL", "HUB_ISSUER", "HUB_ENCOUNTER_INGEST_URL"];

    private readonly HttpListener _listener = new();

    public A_loading_hub()
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}/";
        _listener.Prefixes.Add(address);
        _listener.Start();
        foreach (var variable in Variables)
            Environment.SetEnvironmentVariable(variable, address);
        _ = AnswerAsync();
    }

    public bool Refuses { get; set; }

    /// <summary>What was sent.</summary>
    public ConcurrentQueue<string> Files { get; } = [];

    public void Dispose()
    {
        _listener.Close();
        foreach (var variable in Variables)
            Environment.SetEnvironmentVariable(variable, null);
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (await _listener.GetContextAsync() is var call)
            {
                using var reader = new StreamReader(call.Request.InputStream);
                var body = await reader.ReadToEndAsync();
                var isToken = call.Request.Url!.AbsolutePath == "/connect/token";
                if (!isToken)
                    Files.Enqueue(body);
                call.Response.StatusCode = !isToken && Refuses ? 422 : 200;
                await call.Response.OutputStream.WriteAsync(
                    Encoding.UTF8.GetBytes(
                        isToken ? """{"access_token":"t"}"""
                        : Refuses
                            ? """{"detail":"The file was not loaded, and nothing was changed.","errors":[{"field":"line 7","message":"The XML ends too early"}]}"""
                        : """{"publishedOn":"2026-11-24","records":300000,"kept":1200,"added":3,"changed":2,"removed":1,"kinds":[{"kind":"trustSite","count":1200}]}"""
                    )
                );
                call.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }
}
