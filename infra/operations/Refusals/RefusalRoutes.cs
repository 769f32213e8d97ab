using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;

namespace Safeguarding.Operations.Refusals;

/// <summary>The routes of refusals.</summary>
public static class RefusalRoutes
{
    private const int MostAPage = 1_000;

    /// <summary>
    /// Maps <c>GET /refusals</c>: what was refused of the caller's organisation, oldest first. Query: <c>after</c>
    /// (<c>next</c> of the page before), <c>limit</c> (1 to 1000, default 100), <c>code</c>, <c>from</c> and <c>to</c>
    /// (times with offset), <c>open=true</c> (only what has not been accepted since). And
    /// <c>GET /refusals/summary</c>, for people too.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="scope">The scope of those who send, such as <c>encounter.submit</c>.</param>
    public static void MapRefusals(this IEndpointRouteBuilder app, string scope)
    {
        app.MapRefusalList(scope);
        app.MapGet("/refusals/summary", SummariseAsync)
            .Audits("refusals.summary.read")
            .RequireScope("refusals.read")
            .WithTags("Refusals")
            .WithSummary("What was refused of this organisation in the last seven days, beside a usual week");
    }

    /// <summary>Maps <c>GET refusals</c> alone, for another kind of sender.</summary>
    /// <param name="app">The service, or the group of that sender's routes.</param>
    /// <param name="scope">The scope of those who send.</param>
    public static RouteHandlerBuilder MapRefusalList(this IEndpointRouteBuilder app, string scope) =>
        app.MapGet("/refusals", ListAsync)
            .Audits("refusals.read")
            .RequireScope(scope)
            .WithTags("Refusals")
            .WithSummary(
                "What was refused of this organisation in the last 30 days, and whether it has been accepted since"
            );

    private static async Task<Ok<RefusalSummary>> SummariseAsync(
        Caller caller,
        RefusalStore store,
        TimeProvider clock,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await store.SummaryAsync(caller.Organisation, clock.GetUtcNow(), cancellationToken));

    private static async Task<Results<Ok<RefusalPage>, ProblemHttpResult>> ListAsync(
        Caller caller,
        RefusalStore store,
        CancellationToken cancellationToken,
        Guid? after = null,
        int limit = 100,
        string? code = null,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        bool open = false
    )
    {
        if (limit is < 1 or > MostAPage)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "limit-invalid",
                "limit is 1 to 1000.",
                new FieldError("limit", "is 1 to 1000")
            );
        }

        if (from >= to)
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "time-range-invalid",
                "from is before to.",
                new FieldError("to", "is after from")
            );
        }
        // PostgreSQL takes UTC only.
        var query = new RefusalQuery(
            caller.Organisation,
            after,
            limit + 1,
            code,
            from?.ToUniversalTime(),
            to?.ToUniversalTime(),
            open
        );
        var rows = await store.ListAsync(query, cancellationToken);
        var next = rows.Count > limit ? rows[limit - 1].Id : (Guid?)null;
        return TypedResults.Ok(
            new RefusalPage([.. rows.Take(limit)], next, await store.CountsAsync(query, cancellationToken))
        );
    }
}
