using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.OpenApi;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// POST /fhir/AuditEvent/_search: the audit as AuditEvents in the shapes of IHE's Basic Audit Log Patterns. An
/// organisation reads what its own callers did, and what others did that concerns its children. Newest first, by pages.
/// </summary>
/// <remarks>https://profiles.ihe.net/ITI/BALP/</remarks>
internal sealed class SearchAuditEvents(NpgsqlDataSource source, AuditedService service, PublicAddress address)
{
    private const string MediaType = "application/fhir+json";
    private const int LargestSearch = 4 * 1024;
    private const int MostAPage = 500;
    private const int UsualPage = 50;
    private static readonly string[] Parameters =
    [
        "_count",
        "before",
        "date",
        "subtype",
        "entity",
        "agent",
        "agent:not",
        "outcome",
    ];

    private readonly string _schema = service.Schema;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/fhir/AuditEvent/_search", Handle)
            .Audits("audit.read")
            .RequireScope("audit.read")
            .WithMetadata(new RequestSizeLimitAttribute(LargestSearch))
            .TakesBody(
                """{"_count":"50","date":"ge2026-11-01","subtype":"alert.read"}""",
                "application/x-www-form-urlencoded"
            )
            .AnswersLike("""{"resourceType":"Bundle","type":"searchset"}""")
            .WithTags("Audit")
            .WithSummary("What your callers did, and what others did that concerns your children")
            .WithDescription(
                "Form fields, all optional: date (ge, gt, le or lt and a time), subtype (the act, such as plan.read), "
                    + "entity (the id of what it was done to), agent and agent:not (the code of the organisation that did "
                    + "it), outcome (0 or 8), _count (1 to 500, default 50), before (of the link next)."
            );

    private static Task<ContentHttpResult> Handle(
        HttpRequest request,
        Caller caller,
        SearchAuditEvents search,
        CancellationToken cancellationToken
    ) => search.HandleAsync(request, caller, cancellationToken);

    private async Task<ContentHttpResult> HandleAsync(
        HttpRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!request.HasFormContentType)
        {
            return Refused(
                StatusCodes.Status415UnsupportedMediaType,
                "not-supported",
                "A search is posted as application/x-www-form-urlencoded."
            );
        }

        var form = await request.ReadFormAsync(cancellationToken);
        await using var command = source.CreateCommand();
        command.Parameters.Add(new() { Value = caller.Organisation });
        var conditions = new List<string>();
        var count = UsualPage;
        foreach (var (name, values) in form)
        {
            if (!Parameters.Contains(name))
            {
                return Bad(
                    $"There is no search parameter {RefuseUndeclaredInput.Shown(name)}.{Nearest.Suggest(name, Parameters)}"
                );
            }

            foreach (var value in values)
            {
                if (name == "_count" && int.TryParse(value, CultureInfo.InvariantCulture, out count))
                    continue;
                if (Condition(name, value ?? "", command) is not { } condition)
                    return Bad($"{name} is not as this search takes it.");
                conditions.Add(condition);
            }
        }

        if (count is < 1 or > MostAPage)
            return Bad($"_count is 1 to {MostAPage}.");
        var (own, concerning) = (Page("organisation = $1"), Page("concerning @> ARRAY[$1]"));
        // Where it asks for one side alone, the other would be read whole to find nothing.
        var pages =
            form["agent"].Contains(caller.Organisation) ? own
            : form["agent:not"].Contains(caller.Organisation) ? concerning
            : $"{own} UNION {concerning}";
        command.CommandText = $"""
            SELECT id, at, record.organisation, client_id, person, role, assurance, concerning, purpose, lawful_basis, act,
                subject_type, subject, outcome, code, times, request_id, chain.position, chain.hash
            FROM ({pages}) AS record
            LEFT JOIN {_schema}.audit_chain AS chain ON chain.record_id = record.id
            ORDER BY id DESC LIMIT {count + 1}
            """;

        // Each side by its own index.
        string Page(string whose) =>
            $"""
                (SELECT * FROM {_schema}.audit_record
                WHERE {whose}{string.Concat(conditions.Select(condition => $" AND {condition}"))}
                ORDER BY id DESC LIMIT {count + 1})
                """;
        var found = new List<JsonObject>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                found.Add(ResourceOf(reader));
        }

        return Answer(StatusCodes.Status200OK, BundleOf(found, count));
    }

    // A condition over the parameters of the command; null where the value is none.
    private static string? Condition(string name, string value, NpgsqlCommand command)
    {
        string Parameter(object given)
        {
            command.Parameters.Add(new() { Value = given });
            return $"${command.Parameters.Count}";
        }

        switch (name)
        {
            case "before" when Guid.TryParse(value, out var id):
                return $"id < {Parameter(id)}";
            case "entity" when Guid.TryParse(value, out var id):
                return $"subject = {Parameter(id)}";
            case "agent" when value.Length > 0:
                return $"organisation = {Parameter(value)}";
            case "agent:not" when value.Length > 0:
                return $"organisation <> {Parameter(value)}";
            case "subtype" when AuditedActs.Get(value) is not null:
                return $"act = {Parameter(value)}";
            case "outcome" when value is "0":
                return "outcome IS DISTINCT FROM 'refused'";
            case "outcome" when value is "8":
                return "outcome = 'refused'";
            case "date" when value.Length > 2 && Comparison(value[..2]) is { } comparison:
                return DateTimeOffset.TryParse(
                    value[2..],
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var at
                )
                    ? $"at {comparison} {Parameter(at.ToUniversalTime())}"
                    : null;
            default:
                return null;
        }
    }

    private static string? Comparison(string prefix) =>
        prefix switch
        {
            "ge" => ">=",
            "gt" => ">",
            "le" => "<=",
            "lt" => "<",
            _ => null,
        };

    private JsonObject BundleOf(List<JsonObject> found, int count)
    {
        var page = found.Take(count).ToList();
        var links = new JsonArray(Link("self", address.UrlOf("/fhir/AuditEvent")));
        // To be posted again with the field before: a search is never in an address.
        if (found.Count > count)
            links.Add(Link("next", address.UrlOf($"/fhir/AuditEvent?before={page[^1]["id"]}")));
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "searchset",
            ["link"] = links,
            ["entry"] = page is []
                ? null
                : new JsonArray([
                    .. page.Select(resource => new JsonObject
                    {
                        ["fullUrl"] = $"urn:uuid:{resource["id"]}",
                        ["resource"] = resource,
                        ["search"] = new JsonObject { ["mode"] = "match" },
                    }),
                ]),
        };
        Prune(bundle);
        return bundle;
    }

    private JsonObject ResourceOf(NpgsqlDataReader row)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        var (act, outcome) = (row.GetString(10), Text(13));
        var kind = KindOf(act);
        var agents = new JsonArray(
            new JsonObject
            {
                ["type"] = Role(isSource: kind.Action != "R"),
                ["who"] = Identified("client", row.GetString(3)),
                ["requestor"] = Text(4) is null,
                ["policy"] = Text(9) is { } basis ? new JsonArray($"urn:safeguarding-hub:lawful-basis:{basis}") : null,
            },
            new JsonObject
            {
                ["type"] = Role(isSource: kind.Action == "R"),
                ["who"] = Identified("service", service.Name),
                ["requestor"] = false,
            },
            new JsonObject
            {
                ["type"] = Concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "CST", "custodian"),
                ["who"] = Identified("organisation", row.GetString(2)),
                ["requestor"] = false,
            }
        );
        if (Text(4) is { } person)
        {
            agents.Add(
                new JsonObject
                {
                    ["type"] = Concept(
                        "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                        "IRCP",
                        "information recipient"
                    ),
                    ["role"] = new JsonArray(
                        new JsonObject { ["text"] = Text(6) is { } assurance ? $"{Text(5)} ({assurance})" : Text(5) }
                    ),
                    ["who"] = Identified("person", person),
                    ["requestor"] = true,
                }
            );
        }

        var entities = new JsonArray();
        var subject = row.GetGuid(12);
        if (subject != Guid.Empty)
            entities.Add(Entity(Identified(Text(11) ?? "thing", subject.ToString()), "2", "System Object"));
        foreach (var council in row.IsDBNull(7) ? [] : row.GetFieldValue<string[]>(7))
            entities.Add(Entity(Identified("organisation", council), "3", "Organization"));
        if (Text(16) is { } request)
        {
            entities.Add(
                new JsonObject
                {
                    ["what"] = Identified("request", request),
                    ["type"] = new JsonObject
                    {
                        ["system"] = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",
                        ["code"] = "XrequestId",
                    },
                }
            );
        }

        var resource = new JsonObject
        {
            ["resourceType"] = "AuditEvent",
            ["id"] = row.GetGuid(0).ToString(),
            // Of what the hub does not keep, such as the text of a query, it claims no profile.
            ["meta"] =
                kind.Profile is null || subject == Guid.Empty
                    ? null
                    : new JsonObject
                    {
                        ["profile"] = new JsonArray(
                            $"https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.{kind.Profile}"
                        ),
                    },
            // Not of the newest few seconds: they are not sealed yet.
            ["extension"] = row.IsDBNull(17)
                ? null
                : new JsonArray(
                    new JsonObject
                    {
                        ["url"] = "urn:safeguarding-hub:audit-chain",
                        ["extension"] = new JsonArray(
                            new JsonObject { ["url"] = "position", ["valueDecimal"] = row.GetInt64(17) },
                            new JsonObject
                            {
                                ["url"] = "hash",
                                ["valueString"] = Convert.ToHexStringLower(row.GetFieldValue<byte[]>(18)),
                            }
                        ),
                    }
                ),
            ["type"] = Coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "Restful Operation"),
            ["subtype"] = new JsonArray(
                Coding("http://hl7.org/fhir/restful-interaction", kind.Interaction, kind.Interaction),
                Coding("urn:safeguarding-hub:act", act, act)
            ),
            ["action"] = kind.Action,
            ["recorded"] = row.GetFieldValue<DateTimeOffset>(1).ToString("O", CultureInfo.InvariantCulture),
            ["outcome"] = outcome == AuditOutcome.Refused ? "8" : "0",
            ["outcomeDesc"] =
                $"{outcome ?? AuditOutcome.Success}{(Text(14) is { } code ? $": {code}" : "")}"
                + (row.IsDBNull(15) ? "" : string.Create(CultureInfo.InvariantCulture, $", {row.GetInt32(15)} times")),
            ["purposeOfEvent"] = Text(8) is { } purpose ? new JsonArray(new JsonObject { ["text"] = purpose }) : null,
            ["agent"] = agents,
            ["source"] = new JsonObject
            {
                ["observer"] = Identified("service", service.Name),
                ["type"] = new JsonArray(
                    Coding("http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server")
                ),
            },
            ["entity"] = entities.Count == 0 ? null : entities,
        };
        Prune(resource);
        return resource;
    }

    // FHIR knows no null.
    private static void Prune(JsonObject resource)
    {
        foreach (var (name, value) in resource.ToList())
        {
            if (value is null)
                resource.Remove(name);
            else if (value is JsonArray list)
                list.OfType<JsonObject>().ToList().ForEach(Prune);
            else if (value is JsonObject part)
                Prune(part);
        }
    }

    // The verb is the act's last word.
    private static (string? Profile, string Interaction, string Action) KindOf(string act) =>
        act[(act.LastIndexOf('.') + 1)..] switch
        {
            "read" => ("Read", "read", "R"),
            "list" or "search" or "count" => (null, "search", "E"),
            "deliver" => (null, "operation", "R"),
            "submit" or "make" or "registered" or "received" or "take" or "add" => ("Create", "create", "C"),
            "delete" or "deleted" or "remove" => ("Delete", "delete", "D"),
            "claim" or "validate" or "dry-run" or "test" => (null, "operation", "E"),
            _ => ("Update", "update", "U"),
        };

    private static JsonObject Entity(JsonObject what, string type, string display) =>
        new()
        {
            ["what"] = what,
            ["type"] = Coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", type, display),
            ["role"] = Coding("http://terminology.hl7.org/CodeSystem/object-role", "4", "Domain Resource"),
        };

    private static JsonObject Identified(string kind, string value) =>
        new()
        {
            ["identifier"] = new JsonObject { ["system"] = $"urn:safeguarding-hub:{kind}", ["value"] = value },
        };

    private static JsonObject Role(bool isSource) =>
        isSource
            ? Concept("http://dicom.nema.org/resources/ontology/DCM", "110153", "Source Role ID")
            : Concept("http://dicom.nema.org/resources/ontology/DCM", "110152", "Destination Role ID");

    private static JsonObject Concept(string system, string code, string display) =>
        new() { ["coding"] = new JsonArray(Coding(system, code, display)) };

    private static JsonObject Coding(string system, string code, string display) =>
        new()
        {
            ["system"] = system,
            ["code"] = code,
            ["display"] = display,
        };

    private static JsonObject Link(string relation, string url) => new() { ["relation"] = relation, ["url"] = url };

    private static ContentHttpResult Bad(string detail) => Refused(StatusCodes.Status400BadRequest, "invalid", detail);

    internal static ContentHttpResult Refused(int status, string code, string detail) =>
        Answer(
            status,
            new JsonObject
            {
                ["resourceType"] = "OperationOutcome",
                ["issue"] = new JsonArray(
                    new JsonObject
                    {
                        ["severity"] = "error",
                        ["code"] = code,
                        ["diagnostics"] = detail,
                    }
                ),
            }
        );

    private static ContentHttpResult Answer(int status, JsonObject resource) =>
        TypedResults.Text(resource.ToJsonString(), MediaType, statusCode: status);
}
