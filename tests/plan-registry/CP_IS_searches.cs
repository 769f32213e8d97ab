using System.Net;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Audit;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.TestKit;
using Task = System.Threading.Tasks.Task;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>The look-up in the shapes of the NHS: valid FHIR, the guide's codes, and the same act behind it.</summary>
public sealed class CP_IS_searches(RegistryForLookUps running) : IClassFixture<RegistryForLookUps>
{
    private const string Hospital = "RXX";
    private const string Emergency = "clinician-unscheduled";
    private const string Number = "patient:identifier";
    private const string Header = "IsUnscheduledAccessEvent";

    [Fact]
    public async Task A_CareTeam_has_the_plan_and_the_line_to_ring_now_first()
    {
        var child = await running.AChildAsync();
        using var nurse = running.Person(Hospital, Emergency);

        var bundle = await FoundAsync(nurse, "CareTeam", Number, child);

        Assert.Equal((Bundle.BundleType.Searchset, 1), (bundle.Type, bundle.Total));
        var team = Assert.IsType<CareTeam>(Assert.Single(bundle.Entry).Resource);
        Assert.Equal("342191000000101", team.Category[0].Coding[0].Code);
        Assert.Equal(("2026-03-01", null), (team.Period!.Start, team.Period.End));
        Assert.Equal("Hackney (synthetic)", team.Name);
        Assert.Equal(child.NhsNumber, team.Subject!.Identifier!.Value);
        // Sunday morning.
        Assert.Equal(
            [
                (ContactPoint.ContactPointUse.Mobile, "020 7946 0002", 1),
                (ContactPoint.ContactPointUse.Work, "020 7946 0001", 2),
            ],
            team.Telecom.OrderBy(one => one.Rank).Select(one => (one.Use!.Value, one.Value, one.Rank!.Value))
        );
    }

    [Theory]
    [InlineData(Hospital, Emergency, false, "Flag active, CarePlan 342191000000101, CareTeam")]
    [InlineData(Hospital, Emergency, true, "Flag active R, CareTeam R")]
    [InlineData("43", "control-room", true, "")]
    public async Task A_flag_leads_to_its_plan_and_its_team_or_to_whom_to_ring(
        string organisation,
        string role,
        bool restricted,
        string shown
    )
    {
        var child = await running.AChildAsync(restricted);
        using var person = running.Person(organisation, role);

        var bundle = await FoundAsync(person, "PatientFlag", "patient", child);

        Assert.Equal(
            shown,
            string.Join(
                ", ",
                bundle.Entry.Select(entry =>
                    string.Join(
                        ' ',
                        new[]
                        {
                            entry.Resource!.TypeName,
                            entry.Resource is Flag flag ? flag.Status.ToString()!.ToLowerInvariant() : null,
                            entry.Resource is CarePlan plan ? plan.Category[0].Coding[0].Code : null,
                            entry.Resource.Meta?.Security[0].Code,
                        }.Where(part => part is not null)
                    )
                )
            )
        );
        // Each points at the next.
        foreach (var (from, to) in bundle.Entry.Zip(bundle.Entry.Skip(1)))
        {
            var reference = from.Resource is Flag flag
                ? ((ResourceReference)flag.Extension[0].Value!).Reference
                : ((CarePlan)from.Resource!).CareTeam[0].Reference;
            Assert.Equal(to.FullUrl, reference);
        }
    }

    [Fact]
    public async Task Plans_and_history_are_two_calls_of_one_look_and_a_silent_one_leaves_none()
    {
        var child = await running.AChildAsync();
        using var lead = running.Person(Hospital, "safeguarding-lead");

        var none = await FoundAsync(lead, "AuditEvent", Number, child, "false");
        await FoundAsync(lead, "CareTeam", Number, child);
        var history = await FoundAsync(lead, "AuditEvent", Number, child, "true");

        Assert.Empty(none.Entry);
        Assert.Equal(["AuditEvent", "PractitionerRole"], history.Entry.Select(entry => entry.Resource!.TypeName));
        var viewer = (PractitionerRole)history.Entry[1].Resource!;
        Assert.Equal(
            (Hospital, "safeguarding-lead", history.Entry[1].FullUrl),
            (
                viewer.Organization!.Display,
                viewer.Code[0].Text,
                ((AuditEvent)history.Entry[0].Resource!).Agent[1].Who!.Reference
            )
        );
        var rows = await running.Registry.Service.Db(db =>
            db.Lookups.Where(one =>
                    one.PlanIds.Any(id => db.Plans.Any(plan => plan.Id == id && plan.Reference == child.Reference))
                )
                .ToListAsync(Registry.Cancelled)
        );
        var row = Assert.Single(rows);
        Assert.Equal(
            ["lookup.read", "lookup.read", "lookup.scheduled.read"],
            (
                await running.Registry.Service.Db(db =>
                    db.Set<AuditRecord>()
                        .Where(one => one.Subject == row.PlanIds[0] && one.Purpose == "direct-care")
                        .Select(one => one.Act)
                        .ToListAsync(Registry.Cancelled)
                )
            ).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(Emergency, Number, "9000000009", null, 200, "")]
    [InlineData(Emergency, Number, NhsNumber.FhirSystem + "|9000000009", "true", 200, "")]
    [InlineData(Emergency, Number, NhsNumber.FhirSystem + "|9000000008", null, 400, "INVALID_SEARCH_DATA")]
    [InlineData(Emergency, Number, "https://example.org/id|9000000009", null, 400, "INVALID_SEARCH_DATA")]
    [InlineData(Emergency, "patient", "9000000009", null, 400, "INVALID_SEARCH_DATA")]
    [InlineData(Emergency, Number, "9000000009", "maybe", 400, "PRECONDITION_FAILED")]
    [InlineData(Emergency, Number, "9000000009", "false", 403, "ACCESS_DENIED")]
    [InlineData("clinician-scheduled", Number, "9000000009", "true", 403, "ACCESS_DENIED")]
    [InlineData("system", Number, "9000000009", null, 403, "ACCESS_DENIED")]
    [InlineData("nobody", Number, "9000000009", null, 401, "")]
    public async Task No_record_is_an_empty_bundle_and_each_refusal_has_the_code_of_the_guide(
        string role,
        string parameter,
        string value,
        string? unscheduled,
        int status,
        string code
    )
    {
        using var person = role switch
        {
            "system" => running.Registry.Service.Client(Hospital, "lookup.person"),
            "nobody" => running.Registry.Service.Anonymous(),
            _ => running.Person(Hospital, role),
        };

        using var answer = await SearchAsync(person, "CareTeam", parameter, value, unscheduled);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal("application/fhir+json", answer.Content.Headers.ContentType?.MediaType);
        var resource = await ReadAsync(answer);
        if (resource is Bundle bundle)
            Assert.Equal((0, 0), (bundle.Total, bundle.Entry.Count));
        else
            Assert.Equal(code, ((OperationOutcome)resource).Issue[0].Details?.Coding[0].Code ?? "");
    }

    [Fact]
    public async Task A_number_in_an_address_is_taken_only_where_the_operator_lets_it()
    {
        var path = $"/fhir/cpis/CareTeam?{Number}={NhsNumber.FhirSystem}|9000000009";
        await using var lets = await Registry.StartAsync(
            running.Servers,
            running.Registry.Service.Surroundings,
            new Dictionary<string, string?> { ["Lookups:SearchByGet"] = "true" }
        );
        using var usual = running.Person(Hospital, Emergency);
        using var allowed = lets.Service.Anonymous();
        allowed.DefaultRequestHeaders.Authorization = running.Bearer(Hospital, Emergency);

        using var refused = await usual.GetAsync(path, Registry.Cancelled);
        using var taken = await allowed.GetAsync(path, Registry.Cancelled);

        Assert.False(refused.IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    private static async Task<Bundle> FoundAsync(
        HttpClient person,
        string resource,
        string parameter,
        APlan child,
        string? unscheduled = null
    )
    {
        using var answer = await SearchAsync(person, resource, parameter, child.NhsNumber!, unscheduled);
        return Assert.IsType<Bundle>(await ReadAsync(answer));
    }

    private static async Task<HttpResponseMessage> SearchAsync(
        HttpClient person,
        string resource,
        string parameter,
        string value,
        string? unscheduled
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/fhir/cpis/{resource}/_search");
        request.Content = new FormUrlEncodedContent([new(parameter, value)]);
        if (unscheduled is not null)
            request.Headers.Add(Header, unscheduled);
        return await person.SendAsync(request, Registry.Cancelled);
    }

    // Strict: what is no R4 throws.
    private static async Task<Resource> ReadAsync(HttpResponseMessage answer) =>
        FhirJsonDeserializer.DEFAULT.DeserializeResource(await answer.Content.ReadAsStringAsync(Registry.Cancelled));
}
