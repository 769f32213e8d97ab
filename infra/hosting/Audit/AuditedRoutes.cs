using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// The act that a call of a route is: what its audit record says where the handler writes none
/// itself.
/// </summary>
/// <param name="Act">One of <see cref="AuditedActs"/>.</param>
/// <param name="Unrecorded">The outcome of a call that the handler did not record.</param>
/// <param name="IsPolled">Whether callers ask again and again, and an empty answer is only counted.</param>
public sealed record RouteAct(string Act, string Unrecorded, bool IsPolled);

/// <summary>
/// What a route leaves in the audit. A handler that changes something records it itself, in the transaction of the
/// change. For every other call the record is committed before the answer is written, and where it cannot be, there is
/// no answer. Refusals (4xx) are recorded for every route that declares an act, within limits
/// (<see cref="AuditFlood"/>).
/// </summary>
public static class AuditedRoutes
{
    /// <summary>A call of it is this act.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="act">One of <see cref="AuditedActs"/>.</param>
    public static TBuilder Audits<TBuilder>(this TBuilder route, string act)
        where TBuilder : IEndpointConventionBuilder => route.With(new RouteAct(act, AuditOutcome.Success, false));

    /// <summary>Its handler records each thing that it shows or does: a call without a record was empty.</summary>
    /// <param name="route">The route or group.</param>
    /// <param name="act">One of <see cref="AuditedActs"/>.</param>
    /// <param name="polled">Whether callers ask again and again, and an empty answer is only counted.</param>
    public static TBuilder AuditsEach<TBuilder>(this TBuilder route, string act, bool polled = false)
        where TBuilder : IEndpointConventionBuilder => route.With(new RouteAct(act, AuditOutcome.Empty, polled));

    /// <summary>After the request's ids: whatever answers, its refusals are seen.</summary>
    internal static void UseAudit(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() => StartingAsync(context));
                return next(context);
            }
        );

    private static TBuilder With<TBuilder>(this TBuilder route, RouteAct act)
        where TBuilder : IEndpointConventionBuilder
    {
        route.WithMetadata(act);
        return route.AddEndpointFilter(
            async (call, next) =>
            {
                var result = await next(call);
                // A result that does not say its status is judged when the answer starts.
                if (Inner(result) is IStatusCodeHttpResult { StatusCode: var status } && status is null or < 400)
                    await DoneAsync(call.HttpContext, act);
                return result;
            }
        );
    }

    private static object? Inner(object? result) => result is INestedHttpResult nested ? nested.Result : result;

    private static Task StartingAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        if (endpoint?.Metadata.GetMetadata<RouteAct>() is not { } act)
            return Task.CompletedTask;
        return context.Response.StatusCode switch
        {
            < StatusCodes.Status400BadRequest => DoneAsync(context, act),
            < StatusCodes.Status500InternalServerError => Flood(context)
                .RefusedAsync(
                    RecordOf(context, act, AuditOutcome.Refused, RefusalReason.Get(context)?.Code ?? CodeOf(context)),
                    context.RequestAborted
                ),
            _ => Task.CompletedTask,
        };
    }

    private static async Task DoneAsync(HttpContext context, RouteAct act)
    {
        if (RequestIds.Get(context) is not { Audited: false } ids)
            return;
        var record = RecordOf(context, act, act.Unrecorded, code: null);
        if (act.IsPolled)
            Flood(context).Counted(record);
        else
            await context.RequestServices.GetRequiredService<AuditStore>().AddAsync(record, context.RequestAborted);
        ids.Audited = true;
    }

    private static string CodeOf(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "not-found",
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => "none",
            // An OperationOutcome's, say, which stands in the body alone.
            var status => string.Create(CultureInfo.InvariantCulture, $"http-{status}"),
        };

    private static AuditFlood Flood(HttpContext context) => context.RequestServices.GetRequiredService<AuditFlood>();

    private static AuditRecord RecordOf(HttpContext context, RouteAct act, string outcome, string? code)
    {
        var caller = Caller.Of(context);
        var subject = context
            .Request.RouteValues.Values.Select(value => Guid.TryParse(value as string, out var id) ? id : Guid.Empty)
            .FirstOrDefault(id => id != Guid.Empty);
        var ids = RequestIds.Get(context);
        return AuditRecord.Of(
            caller ?? new Caller("nobody", "none", new HashSet<string>()) { Request = ids },
            act.Act,
            subject,
            context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            outcome,
            code
        );
    }
}
