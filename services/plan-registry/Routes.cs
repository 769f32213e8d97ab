using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Sources;
using Safeguarding.PlanRegistry.Councils;
using Safeguarding.PlanRegistry.Lookups;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Refusals;
using Safeguarding.PlanRegistry.Uploads;

namespace Safeguarding.PlanRegistry;

internal static class Routes
{
    private const string UploadExample =
        "reference,kind,start_date,nhs_number,family_name,given_names,birth_date\nCP-2026-0042,child-protection,2026-01-05,9000000009,Fhirwood,Alba,2016-04-04\n";

    private static readonly RequestSizeLimitAttribute SmallBody = new(64 * 1024);

    public static void MapPlanRegistryRoutes(this WebApplication app)
    {
        var councils = app.MapGroup("/councils").ForCouncils().WithTags("Councils").WithMetadata(SmallBody);
        councils
            .MapPut("/{code}", PutCouncil.Handle)
            .RequireScope("council.write")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        councils.MapGet("/{code}", GetCouncil.Handle).RequireScope("plan.read");

        var plans = app.MapGroup("/plans").ForCouncils().WithTags("Plans").WithMetadata(SmallBody);
        plans
            .MapPut("/{reference}", PutPlan.Handle)
            .RequireScope("plan.write")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .CountsAsArrival()
            .RecordsRefusals();
        plans.MapGet("/{reference}", GetPlan.Handle).RequireScope("plan.read");
        plans
            .MapPost("/{reference}/end", EndPlan.Handle)
            .RequireScope("plan.write")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .CountsAsArrival()
            .RecordsRefusals();
        plans
            .MapDelete("/{reference}", DeletePlan.Handle)
            .RequireScope("plan.write")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .CountsAsArrival()
            .RecordsRefusals();
        plans.MapPost("/search", SearchPlans.Handle).RequireScope("plan.read");

        var uploads = app.MapGroup("/uploads").ForCouncils().WithTags("Uploads").RequireScope("plan.write");
        uploads
            .MapPost("/", ReceiveUpload.Handle)
            .TakesBody(UploadExample, "text/csv")
            .WithMetadata(new RequestSizeLimitAttribute(ReceiveUpload.LargestBody))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .CountsAsArrival()
            .RecordsRefusals();
        uploads.MapGet("/", ListUploads.Handle);
        uploads.MapGet("/{id:guid}", GetUpload.Handle);
        uploads.MapGet("/{id:guid}/lines", ListLines.Handle).Produces<LinesPage>();
        uploads.MapGet("/{id:guid}/endings", ListEndings.Handle);
        uploads.MapPost("/{id:guid}/confirm", ConfirmUpload.Handle).ProducesProblem(StatusCodes.Status409Conflict);
        uploads.MapPost("/{id:guid}/discard", DiscardUpload.Handle).ProducesProblem(StatusCodes.Status409Conflict);

        var numbering = app.MapGroup("/uploads/numbering").ForCouncils().WithTags("Uploads").WithMetadata(SmallBody);
        numbering
            .MapPut("/", RenumberUploads.Handle)
            .RequireScope("upload.renumber")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static RouteGroupBuilder ForCouncils(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(
            async (context, next) =>
                context.Arguments.OfType<Caller>().Single() is { } caller && CouncilCode.IsValid(caller.Organisation)
                    ? await next(context)
                    : Refusal.Problem(
                        StatusCodes.Status403Forbidden,
                        "not-a-council",
                        "These routes are for councils: the token's organisation must be a GSS code such as E09000012."
                    )
        );

    // What a council sends of its register, taken: the rhythm that its silence is measured against.
    private static RouteHandlerBuilder CountsAsArrival(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter(
            async (context, next) =>
            {
                var answer = await next(context);
                if (((answer as INestedHttpResult)?.Result ?? answer) is not ProblemHttpResult)
                {
                    context
                        .HttpContext.RequestServices.GetRequiredService<SourceWatch>()
                        .Heard(context.Arguments.OfType<Caller>().Single().Organisation);
                }

                return answer;
            }
        );
}
