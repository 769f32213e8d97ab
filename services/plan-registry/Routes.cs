using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;
using Safeguarding.Hosting.Storage;
using Safeguarding.Operations.Sources;
using Safeguarding.PlanRegistry.BreakGlass;
using Safeguarding.PlanRegistry.Councils;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Lookups;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Refusals;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.PlanRegistry.Uploads;

namespace Safeguarding.PlanRegistry;

internal static class Routes
{
    private const string CsvExample =
        "reference,kind,start_date,nhs_number,family_name,given_names,birth_date\nCP-2026-0042,child-protection,2026-01-05,9000000009,Fhirwood,Alba,2016-04-04\n";

    private const string JsonExample =
        "{\"reference\":\"CP-2026-0042\",\"kind\":\"child-protection\",\"start_date\":\"2026-01-05\",\"nhs_number\":\"9000000009\"}";

    private const string RefusedExample =
        "refused_because,reference,kind,start_date,nhs_number\r\n\"Line 2: kind: Every plan needs a kind.\",CP-2026-0042,,2026-01-05,9000000009\r\n";

    public static void MapPlanRegistryRoutes(this WebApplication app)
    {
        var councils = app.MapGroup("/councils").ForCouncils().WithTags("Councils");
        councils
            .MapPut("/{code}", PutCouncil.Handle)
            .Audits("council.change")
            .RequireScope("council.write")
            .WithSummary("Set who a trust can ring at your council, and when")
            .AnswersLocation(StatusCodes.Status201Created)
            .AnswersETag(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .TakesVersion();
        councils
            .MapGet("/{code}", GetCouncil.Handle)
            .Audits("council.read")
            .RequireScope("plan.read")
            .WithSummary("Who a trust can ring at a council, and when")
            .AnswersETag(StatusCodes.Status200OK);

        var plans = app.MapGroup("/plans").ForCouncils().WithTags("Plans");
        plans
            .MapGet("/", ListPlans.Handle)
            .Audits("plan.list")
            .RequireScope("plan.read")
            .WithSummary("List your plans by reference, without whom they are about");
        plans
            .MapPut("/{reference}", PutPlan.Handle)
            .Audits("plan.put")
            .RequireScope("plan.write")
            .CountsAsArrival()
            .RecordsRefusals()
            .WithSummary("Create or replace one plan")
            .AnswersLocation(StatusCodes.Status201Created)
            .AnswersETag(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .TakesVersion();
        plans
            .MapGet("/{reference}", GetPlan.Handle)
            .AuditsEach("plan.read")
            .RequireScope("plan.read")
            .WithSummary("Read one of your plans")
            .AnswersETag(StatusCodes.Status200OK);
        plans
            .MapPost("/{reference}/end", EndPlan.Handle)
            .Audits("plan.end")
            .RequireScope("plan.write")
            .CountsAsArrival()
            .RecordsRefusals()
            .WithSummary("End a plan, or correct the day it ended")
            .AnswersETag(StatusCodes.Status200OK)
            .TakesVersion();
        plans
            .MapDelete("/{reference}", DeletePlan.Handle)
            .Audits("plan.delete")
            .RequireScope("plan.write")
            .CountsAsArrival()
            .RecordsRefusals()
            .WithSummary("Delete a plan that was recorded in error; its alerts are withdrawn")
            .TakesVersion();
        plans
            .MapPost("/search", SearchPlans.Handle)
            .AuditsEach("plan.search")
            .RequireScope("plan.read")
            .LimitsSearches()
            .WithSummary("Find your plans by NHS number");

        app.MapGroup("/plan-figures")
            .ForCouncils()
            .WithTags("Plans")
            .MapGet("", CountPlans.Handle)
            .Audits("plan.figures.read")
            .RequireScope("alert.read")
            .WithSummary("How many plans of each kind run, and how fresh your register is")
            .WithDescription("A count of 1 to 4 is left out, so that nobody can be recognised.");

        app.MapGroup("/subject-access")
            .ForCouncils()
            .MapPost("", AnswerSubjectAccess.Handle)
            .AuditsEach("plan.subject-access")
            .RequireScope("subject.export")
            .LimitsSearches()
            .WithTags("Subject access")
            .WithSummary("What you hold here of one person, for a request of access")
            .WithDescription(
                "By nhsNumber, or by plan, your reference of a plan of that person (404 where you have "
                    + "none). Where the person is or was, who reported and other people are withheld: the item "
                    + "says why. releases shows those that it names, in this answer alone; each is audited with "
                    + "its reason. 400 release-unusable where one is not withheld here. Alerts and decisions are "
                    + "at notification and matching (heldElsewhere): send them plans as it is."
            )
            .AnswersWith(StatusCodes.Status404NotFound);

        app.MapPost("/lookups", PostLookup.Handle)
            .AuditsEach("lookup.read")
            .RequireScope("lookup.person")
            .LimitsLookups()
            .ReadsAcross(AcrossCouncils.Lookup)
            .WithTags("Look-ups")
            .WithSummary("A person looks a child up: is there a plan, and whom to ring now");
        var lookups = app.MapGroup("/lookups")
            .ForCouncils()
            .ReadsAcross(AcrossCouncils.LookupHistory)
            .WithTags("Look-ups");
        lookups
            .MapGet("", GetLookups.List)
            .Audits("lookup.history.list")
            .RequireScope("alert.read")
            .WithSummary("Who looked up the children of your running plans, or of one of them, newest first");
        lookups
            .MapGet("/{id:guid}", GetLookups.One)
            .Audits("lookup.history.read")
            .RequireScope("alert.read")
            .WithSummary("Read one look-up");
        lookups
            .MapGet("/{id:guid}/place", GetLookups.Place)
            .AuditsEach("lookup.place.read")
            .RequireScope("alert.place")
            .WithSummary("Read who looked and when too, of a restricted child");

        var breakGlass = app.MapGroup("/break-glass").WithTags("Break-glass");
        breakGlass
            .MapPost("/{id:guid}/second", SecondBreakGlass.Handle)
            .Audits("break-glass.second")
            .RequireScope("breakglass.use")
            .AnswersWith(StatusCodes.Status409Conflict)
            .WithSummary("Confirm a colleague's use of break-glass. A restricted child needs two people");
        breakGlass
            .MapGet("", ListBreakGlass.Handle)
            .Audits("break-glass.list")
            .RequireScope("breakglass.review")
            .WithSummary("List the uses of break-glass in your organisation, waiting for review or reviewed");
        breakGlass
            .MapPost("/{id:guid}/judge", JudgeBreakGlass.Handle)
            .Audits("break-glass.judge")
            .RequireScope("breakglass.review")
            .AnswersWith(StatusCodes.Status409Conflict)
            .WithSummary("Review a use of break-glass in your organisation");

        var uploads = app.MapGroup("/uploads").ForCouncils().WithTags("Uploads").RequireScope("plan.write");
        uploads
            .MapPost("/", ReceiveUpload.Handle)
            .Audits("upload.receive")
            .TakesBody(CsvExample, "text/csv")
            .TakesBody(JsonExample + "\n", "application/x-ndjson")
            .TakesBody($"[{JsonExample}]", "application/json")
            .TakesBody("(a workbook)", UploadFormats.WorkbookType)
            .TakesHeader("Content-Encoding", "gzip", "gzip where the body is compressed.")
            .WithMetadata(new RequestSizeLimitAttribute(ReceiveUpload.LargestBody))
            .LimitsUploads()
            .CountsAsArrival()
            .RecordsRefusals()
            .WithSummary("Upload your whole register (mode=full) or what changed in it (mode=changes)")
            .WithDescription(
                "202: accepted and being applied; GET the address in Location until its state is final. "
                    + "200: the same upload under the same sequence again; nothing changes."
            )
            .AnswersLocation(StatusCodes.Status202Accepted)
            .AnswersWith(StatusCodes.Status409Conflict, StatusCodes.Status429TooManyRequests)
            .AnswersHeader(
                "Retry-After",
                "Seconds to wait, where an upload under this number, or too many of yours, are still coming in.",
                StatusCodes.Status409Conflict,
                StatusCodes.Status429TooManyRequests
            );
        uploads.MapGet("/", ListUploads.Handle).Audits("upload.list").WithSummary("List your uploads, newest first");
        uploads.MapGet("/{id:guid}", GetUpload.Handle).Audits("upload.read").WithSummary("Read the state of an upload");
        uploads
            .MapGet("/{id:guid}/lines", ListLines.Handle)
            .Audits("upload.lines.read")
            .Produces<LinesPage>()
            .AnswersLike(
                "{\"line\":2,\"reference\":\"CP-2026-0042\",\"outcome\":\"registered\",\"code\":\"CPR06\"}\n",
                "application/x-ndjson"
            )
            .AnswersLike(
                "line,reference,outcome,code,detail,column,words\r\n2,CP-2026-0042,registered,CPR06,,,\"\"\r\n",
                "text/csv"
            )
            .WithSummary("What happened to each line, as JSON, NDJSON or CSV")
            .AnswersHeader("Link", "The next page, as rel=\"next\"; missing on the last one.", StatusCodes.Status200OK);
        uploads
            .MapGet("/{id:guid}/refused-lines", ListRefusedLines.Handle)
            .Audits("upload.refused-lines.read")
            .Produces<Stream>(StatusCodes.Status200OK, "text/csv")
            .AnswersLike(RefusedExample, "text/csv")
            .WithSummary("The refused lines as they were sent, with the reason before each, to correct and send again");
        uploads
            .MapGet("/{id:guid}/endings", ListEndings.Handle)
            .Audits("upload.endings.read")
            .WithSummary("The running plans that a full register leaves out, by reference");
        uploads
            .MapPost("/{id:guid}/confirm", ConfirmUpload.Handle)
            .Audits("upload.confirm")
            .WithSummary(
                "Confirm an upload that waits, or a dry run of the last 24 hours: what it holds back is applied"
            )
            .AnswersLocation(StatusCodes.Status202Accepted)
            .AnswersWith(StatusCodes.Status409Conflict);
        uploads
            .MapPost("/{id:guid}/discard", DiscardUpload.Handle)
            .Audits("upload.discard")
            .WithSummary("Discard what an upload or a dry run holds back")
            .AnswersWith(StatusCodes.Status409Conflict);

        var numbering = app.MapGroup("/uploads/numbering").ForCouncils().WithTags("Uploads");
        numbering
            .MapPut("/", RenumberUploads.Handle)
            .Audits("upload.renumber")
            .RequireScope("upload.renumber")
            .WithSummary("Go on from a lower sequence number")
            .AnswersWith(StatusCodes.Status409Conflict)
            .AnswersHeader(
                "Retry-After",
                "Seconds to wait, where an upload of yours is still being applied.",
                StatusCodes.Status409Conflict
            );
    }

    // 412 by what the sender has seen; 409 where two requests change it at the same moment.
    private static RouteHandlerBuilder TakesVersion(this RouteHandlerBuilder route) =>
        route
            .TakesHeader(
                "If-Match",
                "\"3\"",
                "The ETag of the version that you read: nothing changes where it is not that."
            )
            .TakesHeader("If-None-Match", "*", "* changes nothing where there is one already.")
            .AnswersWith(StatusCodes.Status409Conflict, StatusCodes.Status412PreconditionFailed);

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
