using System.Text;
using Microsoft.EntityFrameworkCore;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>One word stands in every field of what a council sends and is refused.</summary>
public sealed class Nothing_of_a_person_is_disclosed(HubServers servers)
{
    private const string Canary = "Zyxcanary";

    private const string Header =
        "reference,action,kind,start_date,end_date,expected_date,restricted,nhs_number,identifier_state,family_name,given_names,"
        + "former_names,other_names,birth_date,sex,postcode,former_postcodes,phones,mother_nhs_number,mother_identifier_state,"
        + "mother_family_name,mother_given_names,mother_former_names,mother_birth_date,mother_postcode";

    private static readonly string Line = string.Join(',', Header.Split(',').Select(_ => Canary));

    [Fact]
    public async Task In_no_log_line_report_metric_or_trace_of_what_is_refused()
    {
        await using var registry = await Registry.StartAsync(servers);
        using var overheard = Overheard.At(registry.Service.Services);
        using var council = registry.Council();
        var person =
            $$$"""{"identifier":{"state":"{{{Canary}}}","nhsNumber":"{{{Canary}}}"},"names":[{"use":"{{{Canary}}}","family":"{{{Canary}}}","given":["{{{Canary}}}"]}],"birthDate":"{{{Canary}}}","sex":"{{{Canary}}}","postcodes":[{"postcode":"{{{Canary}}}","former":false}],"phones":["{{{Canary}}}"]}""";
        var told = new StringBuilder();
        var sequence = 0;
        foreach (
            var (type, body) in new[]
            {
                // The reference is the council's own, and is told.
                ("text/csv", $"{Header}\nCP-1{Line[Canary.Length..]}\n"),
                (
                    "text/csv",
                    $"{Header}\nCP-1,,child-protection,2026-03-01,{Canary}{Line[(5 * (Canary.Length + 1) - 1)..]}\n"
                ),
                ("text/csv", $"{Header}\nCP-1,{Canary}\n\"{Canary},{Canary}\n{Canary}\n"),
                ("text/csv", $"{Line}\n{Line}\n"),
                ("application/x-ndjson", $$$"""{"reference":"CP-1","family_name":"{{{Canary}}}","{{{Canary}}}":"x"}"""),
                ("application/x-ndjson", $$$"""{"reference":"CP-1","family_name":{"{{{Canary}}}":"{{{Canary}}}"}}"""),
                ("application/json", $$$"""[{"reference":"CP-1","family_name":"{{{Canary}}}"},{{{Canary}}}]"""),
                ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Canary),
            }
        )
        {
            using var answer = await Registry.PostUploadAsync(
                council,
                Encoding.UTF8.GetBytes(body),
                ++sequence,
                "changes",
                contentType: type
            );
            told.AppendLine(await answer.Content.ReadAsStringAsync(Registry.Cancelled));
            if (answer.Headers.Location is not { } location)
                continue;
            told.Append(await Registry.FinishedAsync(council, location));
            told.Append(await Registry.GetAsync(council, $"{location}/lines"));
        }

        foreach (
            var body in new[]
            {
                $$$"""{"kind":"{{{Canary}}}","startDate":"{{{Canary}}}","endDate":"{{{Canary}}}","restricted":"{{{Canary}}}","subject":{{{person}}},"mother":{{{person}}}}""",
                $$$"""{"kind":"child-protection","startDate":"2026-03-01","subject":{"sex":["{{{Canary}}}"]}}""",
                $$$"""{"kind":"child-protection","subject":{{{person[..^5]}}}""",
            }
        )
        {
            using var answer = await council.PutAsync("/plans/CP-1", Registry.Json(body), Registry.Cancelled);
            Assert.Equal(400, (int)answer.StatusCode);
            told.Append(await answer.Content.ReadAsStringAsync(Registry.Cancelled));
        }

        using var search = Registry.Json($$$"""{"nhsNumber":"{{{Canary}}}"}""");
        var searched = await council.PostAsync("/plans/search", search, Registry.Cancelled);
        told.Append(await searched.Content.ReadAsStringAsync(Registry.Cancelled));
        using var nurse = registry.Service.Anonymous();
        nurse.DefaultRequestHeaders.Authorization = new(
            "Bearer",
            servers.Issuer.PersonToken("RXX", "clinician-unscheduled", "1", "aal2")
        );
        foreach (
            var (body, status) in new[]
            {
                ($$$"""{"purpose":"direct-care","nhsNumber":"{{{Canary}}}"}""", 400),
                (
                    $$$"""{"purpose":"direct-care","traits":{"familyName":"{{{Canary}}}","givenNames":["{{{Canary}}}"],"birthDate":"{{{Canary}}}","sex":"{{{Canary}}}","postcode":"{{{Canary}}}","phone":"{{{Canary}}}"}}""",
                    400
                ),
                (
                    $$$"""{"purpose":"direct-care","traits":{"familyName":"{{{Canary}}}","givenNames":["{{{Canary}}}"],"birthDate":"2016-04-04"}}""",
                    200
                ),
            }
        )
        {
            using var lookUp = Registry.Json(body);
            using var answer = await nurse.PostAsync("/lookups", lookUp, Registry.Cancelled);
            told.Append(await answer.Content.ReadAsStringAsync(Registry.Cancelled));
            Assert.Equal(status, (int)answer.StatusCode);
        }

        var rows = registry.Service.Db(db =>
            db.Database.SqlQueryRaw<string>(
                    """
                    SELECT concat(
                        (SELECT string_agg(t::text, ' ') FROM plan_registry.upload t),
                        (SELECT string_agg(t::text, ' ') FROM plan_registry.upload_line t),
                        (SELECT string_agg(t::text, ' ') FROM plan_registry.audit_record t)) AS "Value"
                    """
                )
                .SingleAsync(Registry.Cancelled)
        );
        told.Append(await rows);

        Assert.Contains(overheard.Said, said => said.StartsWith("log: ", StringComparison.Ordinal));
        Assert.Contains(overheard.Said, said => said.StartsWith("trace: ", StringComparison.Ordinal));
        Assert.Contains(overheard.Said, said => said.StartsWith("metric: ", StringComparison.Ordinal));
        Assert.DoesNotContain(Canary, told.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(overheard.Said, said => said.Contains(Canary, StringComparison.OrdinalIgnoreCase));
    }
}
