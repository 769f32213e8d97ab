using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Safeguarding.Cli.Prove;

/// <summary>What one service says that it holds, asked through its own route and nowhere else.</summary>
internal sealed class Holdings(string service, HttpClient http)
{
    private const int PageSize = 2_000;

    public string Service { get; } = service;

    /// <summary>Messages that wait for an operator, readable or not; known once it was asked for a count.</summary>
    public long ParkedMessages { get; private set; }

    public async Task<Account> CountAsync(string of, Window window, CancellationToken cancellationToken)
    {
        var answer = await AskAsync<Answer>(
            $"/ops/accounts?of={of}&{window.Query}&bucketSeconds={(int)window.Bucket.TotalSeconds}",
            cancellationToken
        );
        ParkedMessages = answer.ParkedMessages;
        return answer.Accounts.Single();
    }

    /// <summary>A window's things page by page, so that no more than a page is in memory.</summary>
    public async IAsyncEnumerable<Page> PagesAsync(
        string of,
        Window window,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (string? after = ""; after is not null; )
        {
            var page = await AskAsync<Page>(
                $"/ops/accounts/{of}?{window.Query}&limit={PageSize}{(after.Length == 0 ? "" : $"&after={after}")}",
                cancellationToken
            );
            yield return page;
            after = page.Next;
        }
    }

    private async Task<T> AskAsync<T>(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(path, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new CannotProveException($"{Service} answered {(int)answer.StatusCode}");
            return (await answer.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellationToken))!;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            throw new CannotProveException($"{Service} does not answer ({exception.GetType().Name})");
        }
    }

    private sealed record Answer(long ParkedMessages, IReadOnlyList<Account> Accounts);
}

internal sealed record Account(IReadOnlyList<StateCount> States, IReadOnlyList<Bucket> Buckets)
{
    public long Total => Buckets.Sum(bucket => bucket.Count);
}

internal sealed record StateCount(string Council, string State, long Count);

internal sealed record Bucket(DateTimeOffset From, long Count, string Digest);

internal sealed record Page(IReadOnlyList<Entry> Entries, IReadOnlyList<Waiting> OnTheWay, string? Next);

internal sealed record Entry(Guid Id, string Council, long Version, bool Stands, string State);

internal sealed record Waiting(Guid Id, string Council, long Version, string Place, DateTimeOffset Since);

internal sealed record Window(DateTimeOffset From, DateTimeOffset To, TimeSpan Bucket)
{
    private const int Buckets = 1_000;

    public string Query => $"from={Text(From)}&to={Text(To)}";

    /// <summary>In buckets of whole seconds, a minute at least, a thousand at most.</summary>
    public static Window Of(DateTimeOffset from, DateTimeOffset to) =>
        new(from, to, TimeSpan.FromSeconds(Math.Max(60, Math.Ceiling((to - from).TotalSeconds / Buckets))));

    public Window Only(DateTimeOffset bucket) =>
        this with
        {
            From = bucket,
            To = bucket + Bucket < To ? bucket + Bucket : To,
        };

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A service could not be asked: nothing is proved either way.</summary>
internal sealed class CannotProveException(string message) : Exception(message);
