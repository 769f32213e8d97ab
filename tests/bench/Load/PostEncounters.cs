using System.Diagnostics;
using System.Net.Http.Headers;

namespace Safeguarding.Bench.Load;

/// <summary>Posts encounters: flat out over so many connections, or at a rate whatever the answers do.</summary>
internal sealed class PostEncounters(IngestEndpoint ingest, Attendances attendances) : IDisposable
{
    private static readonly MediaTypeHeaderValue FhirJson = new("application/fhir+json");

    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1024,
            UseCookies = false,
            AllowAutoRedirect = false,
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Closed loop: each connection posts the next one as soon as it has its answer.</summary>
    /// <param name="most">Stops after that many, or </param>
    /// <param name="until">at that time.</param>
    public async Task<Posted> FlatOutAsync(int connections, int most, long until, CancellationToken cancellationToken)
    {
        var posted = new Posted(Math.Min(most, 1 << 16));
        var next = -1;
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            while (
                                Stopwatch.GetTimestamp() < until
                                && Interlocked.Increment(ref next) is var index
                                && index < most
                            )
                            {
                                await PostAsync(index, Stopwatch.GetTimestamp(), posted, cancellationToken);
                            }
                        },
                        cancellationToken
                    )
                )
        );
        return posted;
    }

    /// <summary>
    /// Open loop: arrivals at random moments, so many a second on average. Latency counts from when it should
    /// have been sent.
    /// </summary>
    public async Task<Posted> AtRateAsync(double perSecond, int most, long until, CancellationToken cancellationToken)
    {
        var posted = new Posted(Math.Min(most, 1 << 16));
        var underWay = new List<Task>();
        var chance = new Random(20_261_122);
        var due = Stopwatch.GetTimestamp();
        for (var index = 0; index < most && due < until; index++)
        {
            due += (long)(-Math.Log(1 - chance.NextDouble()) / perSecond * Stopwatch.Frequency);
            if (
                Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var wait
                && wait > TimeSpan.FromMilliseconds(1)
            )
            {
                await Task.Delay(wait, cancellationToken);
            }

            underWay.Add(PostAsync(index, due, posted, cancellationToken));
            if (underWay.Count > 10_000)
                underWay.RemoveAll(task => task.IsCompletedSuccessfully);
        }

        await Task.WhenAll(underWay);
        return posted;
    }

    public void Dispose() => _client.Dispose();

    private async Task PostAsync(int index, long began, Posted posted, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ingest.Encounters)
        {
            Content = new ByteArrayContent(attendances.Body(index)),
        };
        request.Content.Headers.ContentType = FhirJson;
        request.Headers.TryAddWithoutValidation("Prefer", "return=minimal");
        if (ingest.Token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {ingest.Token}");
        try
        {
            using var response = await _client.SendAsync(
                request,
                HttpCompletionOption.ResponseContentRead,
                cancellationToken
            );
            var answered = Stopwatch.GetTimestamp();
            var id =
                response.Headers.Location is { } location
                && Guid.TryParse(
                    location.OriginalString.AsSpan(location.OriginalString.LastIndexOf('/') + 1),
                    out var parsed
                )
                    ? parsed
                    : Guid.Empty;
            posted.Add(index, new Posted.One(began, answered, (int)response.StatusCode, id));
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            // No answer: shown as status 0.
            posted.Add(index, new Posted.One(began, Stopwatch.GetTimestamp(), 0, Guid.Empty));
        }
    }
}
