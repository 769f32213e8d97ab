using System.Globalization;
using System.Text.Json.Nodes;
using Safeguarding.Contracts;

namespace Safeguarding.PlanRegistry.Lookups.Fhir;

/// <summary>
/// What a look-up found, as resources of FHIR R4. The line to ring now has rank 1. Ids are of this answer: nothing can
/// be read by them.
/// </summary>
internal static class CpIsResources
{
    private const string RoleClass = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";

    public static JsonObject CareTeams(LookupAnswer answer, NhsNumber number, string address) =>
        Bundle(
            "searchset",
            address,
            answer.Plans.Count,
            answer.Plans.Select(plan => Match(CareTeam(plan, plan.KindCode, Subject(number), Period(plan))))
        );

    public static JsonObject AuditEvents(LookupAnswer answer, NhsNumber number, string address) =>
        Bundle(
            "searchset",
            address,
            answer.Accesses.Count,
            answer.Accesses.SelectMany(access => AuditEvent(access, number))
        );

    // The shape of the published example, which is no searchset.
    public static JsonObject Flags(LookupAnswer answer, NhsNumber number, string address) =>
        Bundle("collection", address, null, answer.Plans.SelectMany(plan => Flag(plan, number)));

    public static JsonObject Coding(string system, string code, string? display = null)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        if (display is not null)
            coding["display"] = display;
        return coding;
    }

    private static IEnumerable<JsonObject> Flag(FoundPlan plan, NhsNumber number)
    {
        var team = CareTeam(plan, null, Subject(number), null);
        // Of what only says whom to ring there is no plan to show.
        var carePlan = plan.KindCode is null ? null : Resource("CarePlan", plan);
        if (carePlan is not null)
        {
            carePlan["status"] = plan.Status == "running" ? "active" : "completed";
            carePlan["intent"] = "plan";
            carePlan["category"] = Snomed(plan.KindCode!);
            carePlan["subject"] = Subject(number);
            carePlan["period"] = Period(plan);
            carePlan["careTeam"] = new JsonArray(Reference(team));
        }

        var flag = Resource("Flag", plan);
        flag["extension"] = new JsonArray(
            new JsonObject
            {
                ["url"] = "http://hl7.org/fhir/StructureDefinition/flag-detail",
                ["valueReference"] = Reference(carePlan ?? team),
            }
        );
        flag["status"] = plan.Status == "ended" ? "inactive" : "active";
        flag["code"] = new JsonObject
        {
            ["coding"] = new JsonArray(
                Coding(
                    "https://fhir.nhs.uk/England/CodeSystem/England-FlagCategoryPatient",
                    "child-protection-information-system-flag",
                    "Child Protection Information System Flag"
                )
            ),
        };
        flag["subject"] = Subject(number);
        if (Period(plan) is { } period)
            flag["period"] = period;
        return new[] { flag, carePlan, team }.OfType<JsonObject>().Select(resource => Entry(resource, null));
    }

    private static JsonObject CareTeam(FoundPlan plan, string? kindCode, JsonObject subject, JsonObject? period)
    {
        var team = Resource("CareTeam", plan);
        team["status"] = plan.Status == "ended" ? "inactive" : "active";
        if (kindCode is not null)
            team["category"] = Snomed(kindCode);
        team["name"] = plan.Council.Name ?? plan.Council.Code;
        team["subject"] = subject;
        if (period is not null)
            team["period"] = period;
        team["managingOrganization"] = new JsonArray(
            new JsonObject
            {
                ["identifier"] = new JsonObject
                {
                    ["system"] = "urn:safeguarding-hub:organisation",
                    ["value"] = plan.Council.Code,
                },
            }
        );
        var lines = new JsonArray();
        Add("work", plan.Council.OfficePhone, "office");
        Add("mobile", plan.Council.EmergencyDutyPhone, "emergency-duty-team");
        if (lines.Count > 0)
            team["telecom"] = lines;
        return team;

        // The guide's uses: work is the office, mobile the emergency duty team.
        void Add(string use, string? phone, string line)
        {
            if (phone is null)
                return;
            lines.Add(
                new JsonObject
                {
                    ["system"] = "phone",
                    ["value"] = phone,
                    ["use"] = use,
                    ["rank"] = plan.Ring?.Line == line ? 1 : 2,
                }
            );
        }
    }

    private static IEnumerable<JsonObject> AuditEvent(LookupAccess access, NhsNumber number)
    {
        var viewer = New("PractitionerRole");
        viewer["organization"] = new JsonObject { ["display"] = access.Organisation };
        viewer["code"] = new JsonArray(new JsonObject { ["text"] = access.Role });
        var read = New("AuditEvent");
        read["type"] = Coding(
            "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle",
            "access",
            "Access/View Record Lifecycle Event"
        );
        read["recorded"] = access.At.ToString("O", CultureInfo.InvariantCulture);
        read["agent"] = new JsonArray(
            Agent("PAT", "patient", Subject(number), requestor: false),
            Agent("ASSIGNED", "assigned entity", Reference(viewer), requestor: true)
        );
        read["source"] = new JsonObject { ["observer"] = Reference(viewer) };
        return [Match(read), Entry(viewer, "include")];
    }

    private static JsonObject Agent(string code, string display, JsonObject who, bool requestor) =>
        new()
        {
            ["type"] = new JsonObject { ["coding"] = new JsonArray(Coding(RoleClass, code, display)) },
            ["who"] = who,
            ["requestor"] = requestor,
        };

    private static JsonObject? Period(FoundPlan plan)
    {
        if (plan.StartDate is not { } start)
            return null;
        var period = new JsonObject { ["start"] = start.ToString("O", CultureInfo.InvariantCulture) };
        if (plan.EndDate is { } end)
            period["end"] = end.ToString("O", CultureInfo.InvariantCulture);
        return period;
    }

    private static JsonArray Snomed(string code) =>
        [new JsonObject { ["coding"] = new JsonArray(Coding("http://snomed.info/sct", code)) }];

    private static JsonObject Subject(NhsNumber number) =>
        new()
        {
            ["identifier"] = new JsonObject { ["system"] = NhsNumber.FhirSystem, ["value"] = number.Reveal() },
        };

    private static JsonObject Resource(string type, FoundPlan plan)
    {
        var resource = New(type);
        if (plan.Restricted)
        {
            resource["meta"] = new JsonObject
            {
                ["security"] = new JsonArray(
                    Coding("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", "restricted")
                ),
            };
        }

        return resource;
    }

    private static JsonObject New(string type) =>
        new() { ["resourceType"] = type, ["id"] = Guid.CreateVersion7().ToString() };

    private static JsonObject Reference(JsonObject resource) => new() { ["reference"] = $"urn:uuid:{resource["id"]}" };

    private static JsonObject Match(JsonObject resource) => Entry(resource, "match");

    private static JsonObject Entry(JsonObject resource, string? mode)
    {
        var entry = new JsonObject { ["fullUrl"] = $"urn:uuid:{resource["id"]}", ["resource"] = resource };
        if (mode is not null)
            entry["search"] = new JsonObject { ["mode"] = mode };
        return entry;
    }

    private static JsonObject Bundle(string type, string address, int? total, IEnumerable<JsonObject> entries)
    {
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = type };
        if (total is not null)
            bundle["total"] = total;
        bundle["link"] = new JsonArray(new JsonObject { ["relation"] = "self", ["url"] = address });
        var all = new JsonArray([.. entries]);
        if (all.Count > 0)
            bundle["entry"] = all;
        return bundle;
    }
}
