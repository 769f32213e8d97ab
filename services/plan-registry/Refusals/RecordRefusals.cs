using Microsoft.AspNetCore.Diagnostics;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Operations.Refusals;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Plans;

namespace Safeguarding.PlanRegistry.Refusals;

/// <summary>
/// Marks a route that takes plans in: what it refuses is a plan that is not as the council says until it is
/// sent again.
/// </summary>
internal sealed class TakesPlansIn;

/// <summary>
/// Records each plan, line and file that was refused, so that its council can list it and a later acceptance closes it.
/// A plan and a line go by the digest of the plan's reference, a file that was refused whole by its mode.
/// </summary>
internal sealed class RecordRefusals(RefusalLog log, Sealer sealer)
{
    public const string UploadRoute = "POST /uploads/";

    private const string PlanPurpose = "refused-plan";
    private const string UploadPurpose = "refused-upload";

    /// <summary>Whatever refuses a request answers by problem details, which come by here.</summary>
    public void Record(ProblemDetailsContext answer)
    {
        var http = answer.HttpContext;
        var failure = http.Features.Get<IExceptionHandlerFeature>();
        var route = (failure?.Endpoint ?? http.GetEndpoint()) as RouteEndpoint;
        if (
            route?.Metadata.GetMetadata<TakesPlansIn>() is null
            || Caller.Of(http) is not { } caller
            || !IsRefusal(answer.ProblemDetails.Status)
            || IsDryRun(http)
        )
        {
            return;
        }

        var sentTo = $"{http.Request.Method} {route.RoutePattern.RawText}";
        var reference = (failure?.RouteValues ?? http.Request.RouteValues)["reference"] as string;
        byte[][] subjects =
            sentTo == UploadRoute ? [OfUpload(caller.Organisation, http.Request.Query["mode"])]
            : Known(reference) is { } known ? [sealer.Mac(PlanPurpose, Text(caller.Organisation, known))]
            : [];
        log.Refused(
            new RefusedItem(
                caller.Organisation,
                sentTo,
                RefusalReason.Get(http)?.Code ?? "refused",
                PathOf(http, answer),
                subjects,
                caller.Request?.RequestId
            )
        );
    }

    /// <summary>A plan was taken from a single request.</summary>
    public void Accepted(Caller caller, string reference)
    {
        if (Known(reference) is { } known)
            log.Accepted(PlanDigests(caller.Organisation, known));
    }

    /// <summary>A file was taken in whole; what becomes of its lines is another matter.</summary>
    public void Accepted(Upload upload)
    {
        if (upload.DryRun)
            return;
        // Of a file that did not say its mode it is not known what it was to be.
        string[] modes = [upload.Mode.Kebab(), ""];
        log.Accepted([.. modes.SelectMany(mode => DigestsOf(UploadPurpose, upload.CouncilCode, mode))]);
    }

    /// <summary>Lines of an upload were judged against the register, and that is committed.</summary>
    public void Record(Upload upload, EvaluatedLines lines)
    {
        foreach (var (line, reference, code, column) in lines.Refused)
        {
            byte[][] subjects = reference is null ? [] : [sealer.Mac(PlanPurpose, Text(upload.CouncilCode, reference))];
            var path =
                FormattableString.Invariant($"upload {upload.Id}, line {line}") + (column is null ? "" : $", {column}");
            log.Refused(new RefusedItem(upload.CouncilCode, UploadRoute, code, path, subjects, RequestId: null));
        }

        log.Accepted([.. lines.Accepted.SelectMany(reference => PlanDigests(upload.CouncilCode, reference))]);
    }

    private static bool IsRefusal(int? status) =>
        status
            is >= 400
                and < 500
                and not (
                    StatusCodes.Status401Unauthorized
                    or StatusCodes.Status403Forbidden
                    or StatusCodes.Status429TooManyRequests
                );

    private static bool IsDryRun(HttpContext http) => http.Request.Query["dryRun"] == "true";

    private static string? Known(string? reference) =>
        reference is null ? null : PlanReference.Read(FindPlan.FromUrl(reference), new ValidationErrors());

    // What was noted with fields came from reading the request, and may hold names that the sender made up.
    private static string? PathOf(HttpContext http, ProblemDetailsContext answer) =>
        RefusalReason.Get(http) is { Errors.Length: 0 }
        && answer.ProblemDetails.Extensions.TryGetValue("errors", out var errors)
        && errors is FieldError[] and [{ } first, ..]
            ? first.Field
            : null;

    private byte[] OfUpload(string council, string? mode) =>
        sealer.Mac(UploadPurpose, Text(council, mode is "full" or "changes" ? mode : ""));

    private IReadOnlyList<byte[]> PlanDigests(string council, string reference) =>
        DigestsOf(PlanPurpose, council, reference);

    private IReadOnlyList<byte[]> DigestsOf(string purpose, string council, string what) =>
        sealer.MacsForSearch(purpose, Text(council, what));

    private static string Text(string council, string what) => $"{council}\n{what}";
}
