using System.Text.Json.Nodes;
using Safeguarding.Hosting.Access;

namespace Safeguarding.PlanRegistry.Lookups.Fhir;

/// <summary>
/// On the CP-IS addresses whatever is refused is an OperationOutcome with the code of the guide.
/// </summary>
internal sealed class CpIsProblems : IProblemDetailsWriter
{
    public const string HeaderInvalid = "header-invalid";

    public bool CanWrite(ProblemDetailsContext context) =>
        context.HttpContext.Request.Path.StartsWithSegments(CpIsSearches.Base);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var status = problem.Status ?? context.HttpContext.Response.StatusCode;
        var code = problem.Extensions.TryGetValue("code", out var given)
            ? given as string
            : RefusalReason.Get(context.HttpContext)?.Code;
        var issue = new JsonObject
        {
            ["severity"] = "error",
            ["code"] = status switch
            {
                StatusCodes.Status401Unauthorized => "login",
                StatusCodes.Status403Forbidden => "forbidden",
                StatusCodes.Status413PayloadTooLarge => "too-long",
                StatusCodes.Status405MethodNotAllowed or StatusCodes.Status415UnsupportedMediaType => "not-supported",
                StatusCodes.Status429TooManyRequests => "throttled",
                StatusCodes.Status503ServiceUnavailable => "transient",
                >= StatusCodes.Status500InternalServerError => "exception",
                _ => "invalid",
            },
            ["diagnostics"] = problem.Detail ?? RefusalReason.Get(context.HttpContext)?.Detail ?? problem.Title,
        };
        if (Guide(status, code) is (var name, var display))
        {
            issue["details"] = new JsonObject
            {
                ["coding"] = new JsonArray(
                    CpIsResources.Coding(
                        "https://fhir.nhs.uk/CodeSystem/England-SpineErrorOrWarningCode",
                        name,
                        display
                    )
                ),
            };
        }

        await TypedResults
            .Text(
                new JsonObject
                {
                    ["resourceType"] = "OperationOutcome",
                    ["issue"] = new JsonArray(issue),
                }.ToJsonString(),
                CpIsSearches.MediaType,
                statusCode: status
            )
            .ExecuteAsync(context.HttpContext);
    }

    private static (string Code, string Display)? Guide(int status, string? code) =>
        (status, code) switch
        {
            (StatusCodes.Status400BadRequest, HeaderInvalid) => (
                "PRECONDITION_FAILED",
                "Missing or invalid head parameter"
            ),
            (StatusCodes.Status400BadRequest, _) => ("INVALID_SEARCH_DATA", "Invalid search data"),
            (StatusCodes.Status403Forbidden, _) => ("ACCESS_DENIED", "Access has been denied to process this request"),
            _ => null,
        };
}
