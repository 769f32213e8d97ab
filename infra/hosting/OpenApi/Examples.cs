using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.OpenApi;

namespace Safeguarding.Hosting.OpenApi;

/// <summary>
/// An example of each body, made from its schema and from what a field of that name usually holds: so none is missing,
/// and none differs from what the route reads. All people are synthetic.
/// </summary>
internal static class Examples
{
    /// <summary>What a text has that nobody gave an example of; the lint of the documents finds it.</summary>
    public const string Missing = "text";

    private const int Deepest = 8;
    private static readonly XNamespace Fhir = "http://hl7.org/fhir";

    private static readonly Dictionary<string, string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["nhsNumber"] = "9000000009",
        ["supersededNhsNumber"] = "9000000017",
        ["family"] = "Fhirwood",
        ["familyName"] = "Fhirwood",
        ["givenName"] = "Alba",
        ["name"] = "Urgent care, north site",
        ["postcode"] = "ZZ99 3AA",
        ["council"] = "E09000012",
        ["councilCode"] = "E09000012",
        ["otherCouncil"] = "E08000035",
        ["registeringCouncil"] = "E08000035",
        ["challengeReason"] = "The family is not known to them",
        ["organisation"] = "RZ1",
        ["role"] = "clinician-unscheduled",
        ["purpose"] = "direct-care",
        ["line"] = "office",
        ["sentBy"] = "RZ1",
        ["code"] = "E09000012",
        ["reference"] = "CP-2026-0042",
        ["planReference"] = "CP-2026-0042",
        ["site"] = "RZ101",
        ["siteCode"] = "RZ101",
        ["kind"] = "child-protection",
        ["incidentNumber"] = "43-20261128-0117",
        ["field"] = "unit.phone",
        ["message"] = "is no telephone number",
        ["startDate"] = "2026-01-05",
        ["endDate"] = "2026-11-28",
        ["birthDate"] = "2016-04-04",
        ["sex"] = "female",
        ["date"] = "2026-11-28",
        ["expectedDate"] = "2027-02-01",
        ["reason"] = "Asked for by the council, ticket 42",
        ["reviewer"] = "duty.worker.7",
        ["phone"] = "020 7946 0000",
        ["url"] = "https://council.example/hub/alerts",
        ["address"] = "https://council.example/hub/alerts",
        ["host"] = "council.example",
        ["service"] = "matching",
        ["type"] = "nhs-number-change.1",
        ["source"] = "urn:nhs-uk:mns",
        ["specversion"] = "1.0",
        ["specVersion"] = "1.0",
        ["ETag"] = "W/\"1\"",
        ["X-Request-Id"] = "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
        ["X-Correlation-Id"] = "referral-4711",
        ["_format"] = "json",
        ["_pretty"] = "true",
        ["identifier"] = "https://epr.example/encounter|E-4711",
        ["state"] = "known",
        ["opens"] = "09:00",
        ["closes"] = "17:00",
        ["day"] = "monday",
        ["mode"] = "full",
        ["sequence"] = "7",
        ["dryRun"] = "true",
        ["email"] = "duty@council.example",
        ["ods"] = "RZ101",
        ["id"] = "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
        ["_id"] = "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
        ["after"] = "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
        ["next"] = "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
        ["requestId"] = "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
        ["webhookId"] = "msg_0193b2a47c1d7f009b1e2f5a6c7d8e9f",
        ["content"] = "id-only",
        ["eventsSinceNumber"] = "1",
        ["eventsUntilNumber"] = "20",
        ["of"] = "encounters",
        ["place"] = "outbox",
        ["grade"] = "urgent",
        ["planKind"] = "childProtection",
        ["mark"] = "9a0364b9e99bb480dd25e1f0284c8555",
        ["digest"] = "5f16f6d2c1b0a493e7a1",
        ["outcome"] = "registered",
        ["plan"] = "CP-2026-0042",
        ["status"] = "active",
        ["kindCode"] = "child-protection",
        ["snomed"] = "375041000000100",
        ["use"] = "official",
        ["given"] = "Alba",
        ["client"] = "portal",
        ["askedBy"] = "council-case-system",
        ["claimedBy"] = "duty.worker.7",
        ["decidedBy"] = "duty.worker.7",
        ["madeBy"] = "council-case-system",
        ["stoppedBy"] = "hub-operations",
        ["by"] = "duty.worker.7",
        ["token"] = "eyJhbGciOiJSUzUxMiIsImtpZCI6InJ4MS0yMDI2LTIifQ.eyJpc3MiOiJyeDEtZXByIn0.c2lnbmF0dXJl",
        ["claim"] = "exp",
        ["scope"] = "encounter.submit",
        ["kid"] = "rx1-2026-2",
        ["keyType"] = "RSA",
        ["kty"] = "RSA",
        ["alg"] = "RS512",
        ["n"] = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM",
        ["e"] = "AQAB",
        ["crv"] = "P-384",
        ["x"] = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        ["y"] = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        ["person"] = "cis2|555012345678",
        ["secondPerson"] = "cis2|555012345679",
        ["judgedBy"] = "cis2|555012345680",
        ["verdict"] = "justified",
        ["note"] = "Passed to the allocated worker",
        ["trust"] = "RZ1",
        ["organisationOds"] = "RZ1",
        ["organisationName"] = "Northern General NHS Trust",
        ["siteOds"] = "RZ101",
        ["siteName"] = "Northern General, emergency department",
        ["officePhone"] = "020 7946 0001",
        ["emergencyDutyPhone"] = "020 7946 0002",
        ["root"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ["previous"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ["head"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ["hash"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ["side"] = "right",
        ["signedText"] = "hub-audit-root-1\nmatching\n42\n1795860000000\n9f86d081\n9f86d081\n",
        ["signature"] = "MEUCIQDf0rEz",
        ["bankHoliday"] = "2026-12-25",
        ["item"] = "plan/0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f/postcodes",
        ["value"] = "ZZ99 3AA",
        ["successor"] = "RZ102",
        ["withheld"] = "location",
        ["heldElsewhere"] = "Who looked: POST /fhir/AuditEvent/_search at each service.",
        ["because"] = "seen 3 times in 30 days",
        ["gradeBecause"] = "seen 3 times in 30 days",
        ["needConfirmationBecause"] = "12 of 80 running plans are missing",
        ["missing"] = "desks.dutyManager",
        ["change"] = "another attendance",
        ["concern"] = "child-protection-plan",
        ["summary"] =
            "A child on a child protection plan was seen at Northern General, emergency department. The match is certain.",
        ["inWords"] = "certain",
        ["why"] = "NHS number: the same; this makes it about 30 million times likelier.",
        ["inWord"] = "Same NHS number.",
        ["howLikely"] = "97.1 % likely to be the same child. 99.9 % is needed to alert by itself.",
        ["said"] = "the same; this makes it about 30 million times likelier",
        ["trait"] = "birthDate",
        ["relatives"] = "A brother or sister would seldom look like this on these records.",
        ["ruleVersion"] = "2026.11.1",
        ["liveVersion"] = "2026.11.1",
        ["shadowVersion"] = "2026.12.0",
        ["channel"] = "webhook",
        ["subscription"] = "case-system",
        ["endpoint"] = "https://council.example/hub/alerts",
        ["link"] = "https://council.example/alerts/{alert}",
        ["to"] = "duty@council.example",
        ["dutyManager"] = "duty-manager",
        ["emergencyDutyTeam"] = "emergency-duty",
        ["network"] = "10.20.0.0/16",
        ["privateNetwork"] = "10.20.0.0/16",
        ["publicKey"] = "whpk_c2FtcGxl",
        ["formerPublicKey"] = "whpk_c2FtcGxl",
        ["secret"] = "whsec_c2FtcGxl",
        ["consumer"] = "take-plan",
        ["parkedFor"] = "unreadable",
        ["exceptionType"] = "System.Text.Json.JsonException",
        ["description"] = "An alert was wrong and is taken back: disregard it.",
        ["text"] = "The allocated worker is on leave until Monday",
        ["colleague"] = "Duty social worker 7",
        ["eventId"] = "0193b2a47c1d7f009b1e2f5a6c7d8e9f-1",
        ["eventType"] = "uk.safeguarding-hub.alert.raised.v1",
        ["door"] = "encounter",
        ["path"] = "Encounter.subject",
        ["subject"] = "5f16f6d2c1b0a493",
        ["column"] = "nhs_number",
        ["detail"] = "nhs-number-invalid",
        ["words"] = "The NHS number is not valid: its last digit does not check the others.",
        ["wantedState"] = "parked",
    };

    private static readonly Dictionary<string, int> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["max"] = 10,
        ["leaseSeconds"] = 60,
        ["waitSeconds"] = 20,
        ["limit"] = 50,
        ["bucketSeconds"] = 60,
        ["line"] = 2,
        ["perMinute"] = 600,
    };

    public static JsonNode? Make(IOpenApiSchema? schema, string name) => Make(schema, name, 0);

    public static JsonNode Problem(int status) =>
        new JsonObject
        {
            ["type"] = "https://tools.ietf.org/html/rfc9110",
            ["title"] = Title(status),
            ["status"] = status,
            ["detail"] = HubOpenApi.Meaning(status),
            ["code"] = Code(status),
            ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
            ["errors"] = status is 400 or 422
                ? new JsonArray(new JsonObject { ["field"] = "limit", ["message"] = "must be a whole number" })
                : new JsonArray(),
        };

    public static JsonNode Outcome(int status) =>
        new JsonObject
        {
            ["resourceType"] = "OperationOutcome",
            ["issue"] = new JsonArray(
                new JsonObject
                {
                    ["severity"] = "error",
                    ["code"] = status switch
                    {
                        401 => "login",
                        403 => "forbidden",
                        404 => "not-found",
                        406 or 415 => "not-supported",
                        409 or 412 => "conflict",
                        410 => "deleted",
                        413 => "too-long",
                        429 => "throttled",
                        500 => "exception",
                        503 => "transient",
                        _ => "invalid",
                    },
                    ["details"] = new JsonObject { ["text"] = HubOpenApi.Meaning(status) },
                }
            ),
        };

    /// <summary>A resource in XML; the JSON must have its elements in FHIR's order.</summary>
    public static XElement FhirXml(JsonObject resource) =>
        new(Fhir + (string)resource["resourceType"]!, resource.SelectMany(Elements));

    private static IEnumerable<XElement> Elements(KeyValuePair<string, JsonNode?> member) =>
        member switch
        {
            { Key: "resourceType", Value: JsonValue } => [],
            { Value: JsonArray items } => items.SelectMany(item => Elements(new(member.Key, item))),
            { Value: JsonObject inner } when inner["resourceType"] is JsonValue =>
            [
                new XElement(Fhir + member.Key, FhirXml(inner)),
            ],
            { Value: JsonObject inner } => [new XElement(Fhir + member.Key, inner.SelectMany(Elements))],
            _ => [new XElement(Fhir + member.Key, new XAttribute("value", $"{member.Value}"))],
        };

    private static JsonNode? Make(IOpenApiSchema? schema, string name, int depth)
    {
        if (schema is null || depth > Deepest)
            return null;
        if (schema.Enum is { Count: > 0 } words)
            return words[0]?.DeepClone();
        if ((schema.OneOf ?? schema.AllOf ?? schema.AnyOf) is { Count: > 0 } parts)
            return parts.Select(part => Make(part, name, depth + 1)).FirstOrDefault(one => one is not null);
        var type = schema.Type ?? JsonSchemaType.Object;
        if (type.HasFlag(JsonSchemaType.Array))
        {
            return Make(schema.Items, name.EndsWith('s') ? name[..^1] : name, depth + 1) is { } item
                ? new JsonArray(item)
                : new JsonArray();
        }

        if (type.HasFlag(JsonSchemaType.Boolean))
            return JsonValue.Create(false);
        if (type.HasFlag(JsonSchemaType.Integer))
            return JsonValue.Create(Numbers.GetValueOrDefault(name, 1));
        if (type.HasFlag(JsonSchemaType.Number))
            return JsonValue.Create(0.5);
        return type.HasFlag(JsonSchemaType.String) ? JsonValue.Create(Text(schema, name)) : Object(schema, depth);
    }

    private static JsonObject Object(IOpenApiSchema schema, int depth)
    {
        var example = new JsonObject();
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (name == "resourceType")
                example[name] = "Encounter";
            else if (Make(property, name, depth + 1) is { } value)
                example[name] = value;
        }

        return example;
    }

    private static string Text(IOpenApiSchema schema, string name) =>
        schema.Format switch
        {
            "uuid" => "0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f",
            "date-time" => "2026-11-28T09:30:00Z",
            "date" => "2026-11-28",
            "time" => "09:30:00",
            "uri" => "https://council.example/hub/alerts",
            "byte" or "binary" => "c2FtcGxl",
            _ => Texts.GetValueOrDefault(name, Missing),
        };

    private static string Title(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);

    private static string Code(int status) =>
        status switch
        {
            400 => "parameter-unknown",
            401 => "token-invalid",
            403 => "insufficient-scope",
            404 => "not-found",
            408 => "request-unreadable",
            409 or 412 => "changed-meanwhile",
            413 => "too-large",
            415 => "media-type-unsupported",
            422 => "not-replayable",
            429 => "too-many-requests",
            500 => "unexpected",
            503 => "storage-away",
            _ => "refused",
        };
}
