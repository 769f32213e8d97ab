using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.Demo.People;

namespace Safeguarding.Bench.Hub;

/// <summary>
/// Sees to it that a council's share of the synthetic plans is registered, through the council's own upload
/// route.
/// </summary>
internal static class LoadRegister
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <returns>Whether an upload was needed.</returns>
    public static async Task<bool> EnsureAsync(HubClient council, int[] children, CancellationToken cancellationToken)
    {
        // Lines are applied in order, so the last one stands for all.
        using var last = await council.SendAsync(
            HttpMethod.Get,
            new Uri(HubAddresses.PlanRegistry, $"/plans/{SyntheticRegister.ReferenceOf(children[^1])}"),
            null,
            cancellationToken
        );
        if (last.StatusCode == HttpStatusCode.OK)
            return false;

        var sequence = await NextSequenceAsync(council, cancellationToken);
        using var content = new GzippedRegister(children);
        using var response = await council.SendAsync(
            HttpMethod.Post,
            Uploads($"mode=changes&sequence={sequence}"),
            content,
            cancellationToken
        );
        await HubClient.ThrowUnlessFineAsync(response, cancellationToken);
        var upload = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        while (upload.GetProperty("state").GetString() is not ("completed" or "failed"))
        {
            Console.Error.WriteLine(
                $"  {council.Organisation}: {upload.GetProperty("progress").GetProperty("linesDone").GetInt32()} of {children.Length} plans registered"
            );
            await Task.Delay(Look, cancellationToken);
            upload = await council.GetAsync(
                new Uri(HubAddresses.PlanRegistry, $"/uploads/{upload.GetProperty("id").GetGuid()}"),
                cancellationToken
            );
        }

        if (
            upload.GetProperty("counts").GetProperty("refused").GetInt32() > 0
            || upload.GetProperty("state").GetString() == "failed"
        )
        {
            throw new BenchFailedException(
                $"The register of {council.Organisation} was not loaded whole: {upload.GetRawText()}"
            );
        }

        return true;
    }

    private static async Task<long> NextSequenceAsync(HubClient council, CancellationToken cancellationToken)
    {
        var page = await council.GetAsync(new Uri(HubAddresses.PlanRegistry, "/uploads"), cancellationToken);
        return page.GetProperty("uploads")
                .EnumerateArray()
                .Where(upload => !upload.GetProperty("dryRun").GetBoolean())
                .Select(upload => upload.GetProperty("sequence").GetInt64())
                .DefaultIfEmpty(0)
                .Max() + 1;
    }

    private static Uri Uploads(string query) => new(HubAddresses.PlanRegistry, $"/uploads?{query}");

    private sealed class GzippedRegister : HttpContent
    {
        private readonly int[] _children;

        public GzippedRegister(int[] children)
        {
            _children = children;
            Headers.ContentType = new MediaTypeHeaderValue("text/csv");
            Headers.ContentEncoding.Add("gzip");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            await SyntheticRegister.WriteCsvAsync(gzip, _children, CancellationToken.None);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
