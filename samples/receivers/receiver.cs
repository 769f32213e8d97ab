#:sdk Microsoft.NET.Sdk.Web
// Receives the hub's webhooks: see README.md beside this file.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

const int LargestBody = 1024 * 1024;
const int ToleranceSeconds = 300;
var key = Convert.FromBase64String(
    Environment.GetEnvironmentVariable("HUB_WEBHOOK_SECRET")!.Replace("whsec_", "", StringComparison.Ordinal)
);
var file = Environment.GetEnvironmentVariable("RECEIVED_FILE") ?? "received.ndjson";
var known = File.Exists(file) ? File.ReadLines(file).Select(line => line.Split(' ', 2)[0]).ToHashSet() : [];
var turn = new SemaphoreSlim(1);

var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "8200"}");
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LargestBody);
var app = builder.Build();
app.MapPost("{**path}", async (HttpRequest request) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body);
    var id = request.Headers["webhook-id"].ToString();
    if (!IsGenuine(id, request.Headers, body.ToArray()))
        return Results.StatusCode(401);
    await StoreAsync(id, body.ToArray());
    return Results.StatusCode(204);
});
app.Run();

bool IsGenuine(string id, IHeaderDictionary headers, byte[] body)
{
    var timestamp = headers["webhook-timestamp"].ToString();
    if (
        !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        || Math.Abs(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - seconds) > ToleranceSeconds
    )
    {
        return false;
    }

    byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
    var expected = Encoding.ASCII.GetBytes($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, content))}");
    // There are several after the secret was rotated, and one of each scheme.
    return headers["webhook-signature"]
        .ToString()
        .Split(' ')
        .Any(signature => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected));
}

async Task StoreAsync(string id, byte[] body)
{
    await turn.WaitAsync();
    try
    {
        if (known.Contains(id))
            return;
        await using var received = new FileStream(file, FileMode.Append);
        await received.WriteAsync((byte[])[.. Encoding.UTF8.GetBytes($"{id} "), .. body, (byte)'\n']);
        received.Flush(flushToDisk: true);
        known.Add(id);
    }
    finally
    {
        turn.Release();
    }
}
