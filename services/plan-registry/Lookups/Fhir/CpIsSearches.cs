using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using Safeguarding.Contracts;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;
using Safeguarding.Hosting.Storage;
using Safeguarding.PlanRegistry.Domain.Lookups;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Lookups.Fhir;

/// <summary>
/// The look-up in the shapes that the NHS has for CP-IS: <c>CareTeam</c> and <c>AuditEvent</c> of the CP-IS guides,
/// <c>PatientFlag</c> of the Patient Flags API. Posted, so that no number is in an address; the GET form is a setting.
/// </summary>
internal static class CpIsSearches
{
    public const string Base = "/fhir/cpis";
    public const string MediaType = "application/fhir+json";
    private const string Unscheduled = "IsUnscheduledAccessEvent";
    private const string Identifier = "patient:identifier";
    private const string FlagCode = "child-protection-information-system-flag";
    private const int LargestSearch = 4 * 1024;

    private static readonly Search[] Searches =
    [
        new("CareTeam", Identifier, [], CpIsResources.CareTeams, "CP-IS: the plans of a child, as CareTeams"),
        new("AuditEvent", Identifier, ["_include"], CpIsResources.AuditEvents, "CP-IS: who looked a child up before"),
        new("PatientFlag", "patient", ["code"], CpIsResources.Flags, "Patient Flags: Flag, CarePlan and CareTeam"),
    ];

    public static void MapCpIsSearches(this WebApplication app)
    {
        foreach (var search in Searches)
        {
            Task<Results<ContentHttpResult, ProblemHttpResult>> Handle(
                HttpContext http,
                Caller caller,
                LookUp lookUp,
                PublicAddress address
            ) => HandleAsync(search, http, caller, lookUp, address);

            app.MapPost($"{Base}/{search.Resource}/_search", Handle)
                .IsLookUp(search)
                .WithName($"searchCpIs{search.Resource}s")
                .WithMetadata(new RequestSizeLimitAttribute(LargestSearch))
                .TakesBody(
                    $$"""{"{{search.Patient}}":"{{NhsNumber.FhirSystem}}|9000000009"}""",
                    "application/x-www-form-urlencoded"
                );
            if (!app.Configuration.GetValue<bool>("Lookups:SearchByGet"))
                continue;
            var get = app.MapGet($"{Base}/{search.Resource}", Handle)
                .IsLookUp(search)
                .WithName($"getCpIs{search.Resource}s");
            foreach (var parameter in search.Others.Prepend(search.Patient))
                get.TakesQuery(parameter, "As in the posted form.");
        }
    }

    private static RouteHandlerBuilder IsLookUp(this RouteHandlerBuilder route, Search search) =>
        route
            .AuditsEach("lookup.read")
            .RequireScope("lookup.person")
            .LimitsLookups()
            .ReadsAcross(AcrossCouncils.Lookup)
            .TakesHeader(Unscheduled, "true", "false in scheduled care: the look-up is silent. Absent means true.")
            .AnswersLike("""{"resourceType":"Bundle","type":"searchset"}""")
            .WithTags("Look-ups")
            .WithSummary(search.Summary);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> HandleAsync(
        Search search,
        HttpContext http,
        Caller caller,
        LookUp lookUp,
        PublicAddress address
    )
    {
        var request = http.Request;
        if (HttpMethods.IsPost(request.Method) && !request.HasFormContentType)
        {
            return Refusal.Problem(
                StatusCodes.Status415UnsupportedMediaType,
                "media-type-unsupported",
                "A search is posted as application/x-www-form-urlencoded."
            );
        }

        IEnumerable<KeyValuePair<string, StringValues>> parameters = HttpMethods.IsPost(request.Method)
            ? await request.ReadFormAsync(http.RequestAborted)
            : request.Query;
        if (Validate(search, parameters, out var number) is { } error)
            return Refusal.Problem(StatusCodes.Status400BadRequest, "search-invalid", error);
        if (!TryReadHeader(request.Headers[Unscheduled], out var scheduled))
        {
            return Refusal.Problem(
                StatusCodes.Status400BadRequest,
                CpIsProblems.HeaderInvalid,
                $"The header {Unscheduled} is true or false. Absent means true."
            );
        }

        // The guide has no purpose: who asks so treats the patient.
        var purpose =
            OrganisationKinds.Of(caller.Organisation) is OrganisationKind.Trust
                ? DecideLookup.DirectCare
                : DecideLookup.ChildProtection;
        var decision = DecideLookup.Decide(caller, scheduled, purpose);
        if (decision is LookupDecision.Refused { Error: var refused })
            return Refusal.Problem(StatusCodes.Status403Forbidden, refused.Code, refused.Detail);

        var answer = await lookUp.ByNumberAsync(number, (LookupDecision.Allowed)decision, caller, http.RequestAborted);
        var bundle = search.Write(answer, number, address.UrlOf($"{Base}/{search.Resource}"));
        return TypedResults.Text(bundle.ToJsonString(), MediaType, statusCode: StatusCodes.Status200OK);
    }

    private static string? Validate(
        Search search,
        IEnumerable<KeyValuePair<string, StringValues>> parameters,
        out NhsNumber number
    )
    {
        number = default;
        var given = false;
        foreach (var (name, values) in parameters)
        {
            if (name == search.Patient)
            {
                // As a token of FHIR; the Patient Flags API writes the bare number.
                var value = values is [{ } one] ? one : "";
                if (value.StartsWith(NhsNumber.FhirSystem + "|", StringComparison.Ordinal))
                    value = value[(NhsNumber.FhirSystem.Length + 1)..];
                if (!NhsNumber.TryParse(value, out number))
                    return "Invalid NHS number.";
                given = true;
            }
            else if (!search.Others.Contains(name))
            {
                return $"This search has no parameter of that name. It takes {string.Join(", ", search.Others.Prepend(search.Patient))}.";
            }
            else if (name == "code" && values.Any(value => value?.Split('|')[^1] != FlagCode))
            {
                return $"The only flag that is kept here is {FlagCode}.";
            }
        }

        return given ? null : $"{search.Patient} is missing.";
    }

    private static bool TryReadHeader(StringValues header, out bool? scheduled)
    {
        scheduled = null;
        if (header.Count == 0)
            return true;
        if (header is not [{ } value] || !bool.TryParse(value, out var unscheduled))
            return false;
        scheduled = !unscheduled;
        return true;
    }

    private sealed record Search(
        string Resource,
        string Patient,
        string[] Others,
        Func<LookupAnswer, NhsNumber, string, JsonObject> Write,
        string Summary
    );
}
