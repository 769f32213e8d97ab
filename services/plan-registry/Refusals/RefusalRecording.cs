using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Operations.Refusals;

namespace Safeguarding.PlanRegistry.Refusals;

internal static class RefusalRecording
{
    public static IServiceCollection AddRefusalRecording(this IServiceCollection services)
    {
        services.AddRefusals();
        services.AddSingleton<RecordRefusals>();
        services
            .AddOptions<ProblemDetailsOptions>()
            .PostConfigure<RecordRefusals>(
                (options, record) =>
                {
                    var complete = options.CustomizeProblemDetails;
                    options.CustomizeProblemDetails = answer =>
                    {
                        complete?.Invoke(answer);
                        record.Record(answer);
                    };
                }
            );
        return services;
    }

    /// <summary>
    /// The route takes a plan, or many: what it refuses is recorded, and closed when it is accepted
    /// later.
    /// </summary>
    public static RouteHandlerBuilder RecordsRefusals(this RouteHandlerBuilder route) =>
        route
            .WithMetadata(new TakesPlansIn())
            .AddEndpointFilter(
                async (context, next) =>
                {
                    var answer = await next(context);
                    if (
                        ((answer as INestedHttpResult)?.Result ?? answer) is not ProblemHttpResult
                        && context.HttpContext.GetRouteValue("reference") is string reference
                    )
                    {
                        context
                            .HttpContext.RequestServices.GetRequiredService<RecordRefusals>()
                            .Accepted(context.Arguments.OfType<Caller>().Single(), reference);
                    }

                    return answer;
                }
            );
}
