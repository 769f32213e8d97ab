using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.Operations.Accounts;

/// <summary>
/// A service's own account of what it holds, for <c>./hub prove</c>: counts and digests first, ids where two services
/// differ. Ids, versions and states only; nothing of any person.
/// </summary>
internal static class AccountRoutes
{
    private const int MostBuckets = 10_000;
    private const int MostAtOnce = 5_000;

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapGroup("/ops/accounts").RequireScope("ops").WithTags("Operations");
        accounts
            .MapGet("", Count)
            .Audits("accounts.read")
            .WithSummary("Counts and digests of what is held, for things first known from from to before to");
        accounts
            .MapGet("/{of}", List)
            .Audits("accounts.read")
            .WithSummary("The ids behind the counts, sorted, with those that are still on their way");
    }

    private static async Task<Results<Ok<AccountAnswer>, ProblemHttpResult>> Count(
        AccountStore store,
        IEnumerable<AccountSet> sets,
        IOptions<HubOptions> settings,
        CancellationToken cancellationToken,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        int bucketSeconds = 60,
        string? of = null
    )
    {
        if (WindowOf(from, to, bucketSeconds, out var window) is { } fault)
            return fault;
        if ((window.To - window.From) / window.Bucket > MostBuckets)
            return Bad("bucketSeconds", $"the window must come to at most {MostBuckets} buckets");

        var accounts = new List<Account>();
        foreach (var set in sets.Where(set => of is null || set.Name == of))
            accounts.Add(await store.CountAsync(set, window, cancellationToken));
        return TypedResults.Ok(
            new AccountAnswer(
                settings.Value.Service,
                window.From,
                window.To,
                bucketSeconds,
                await store.ParkedAsync(cancellationToken),
                accounts
            )
        );
    }

    private static async Task<Results<Ok<AccountPage>, ProblemHttpResult>> List(
        string of,
        AccountStore store,
        IEnumerable<AccountSet> sets,
        CancellationToken cancellationToken,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        string? after = null,
        int limit = 1_000
    )
    {
        if (sets.FirstOrDefault(set => set.Name == of) is not { } set)
            return Refusal.NotFound();
        if (WindowOf(from, to, 1, out var window) is { } fault)
            return fault;
        if (limit is < 1 or > MostAtOnce)
            return Bad("limit", $"1 to {MostAtOnce}");
        (Guid, string)? cursor = null;
        if (after is not null)
        {
            if (after.Length < 36 || !Guid.TryParse(after.AsSpan(0, 36), out var id))
                return Bad("after", "must be the next of the page before");
            cursor = (id, after[36..]);
        }

        return TypedResults.Ok(await store.ListAsync(set, window, cursor, limit, cancellationToken));
    }

    private static ProblemHttpResult? WindowOf(
        DateTimeOffset? from,
        DateTimeOffset? to,
        int bucketSeconds,
        out Window window
    )
    {
        window = new Window(default, default, TimeSpan.FromSeconds(1));
        if (from is null || from < DateTimeOffset.UnixEpoch)
            return Bad("from", "required: a time with its zone, from 1970 on");
        if (to is null || to <= from)
            return Bad("to", "required: a time with its zone, after from");
        if (bucketSeconds < 1)
            return Bad("bucketSeconds", "1 or more");
        window = new Window(
            from.Value.ToUniversalTime(),
            to.Value.ToUniversalTime(),
            TimeSpan.FromSeconds(bucketSeconds)
        );
        return null;
    }

    private static ProblemHttpResult Bad(string field, string message) =>
        Refusal.Problem(
            StatusCodes.Status400BadRequest,
            "window-unusable",
            $"{field}: {message}.",
            new FieldError(field, message)
        );
}

internal sealed record AccountAnswer(
    string Service,
    DateTimeOffset From,
    DateTimeOffset To,
    int BucketSeconds,
    long ParkedMessages,
    IReadOnlyList<Account> Accounts
);
