using System.Net;
using Safeguarding.Contracts.Councils;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

public sealed class The_thin_path(HubServers servers)
{
    [Fact]
    public async Task A_councils_contact_its_plan_and_its_upload_each_become_an_event()
    {
        await using var registry = await Registry.StartAsync(servers);
        var contacts = await registry.Service.Bus.ListenAsync<CouncilContactChanged>();
        var registered = await registry.Service.Bus.ListenAsync<PlanRegistered>();
        using var council = registry.Council();

        var put = await council.PutAsync(
            $"/councils/{Registry.Hackney}",
            Registry.Json(
                """
                {"name":"Hackney (synthetic)","officePhone":"020 7946 0001","emergencyDutyPhone":"020 7946 0002",
                 "officeHours":[{"day":"monday","opens":"09:00","closes":"17:00"}],"bankHolidays":["2026-12-25"]}
                """
            ),
            Registry.Cancelled
        );
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var plan = await council.PutAsync("/plans/CP-1", Registry.Json(APlan.Number(1).Body), Registry.Cancelled);
        Assert.Equal(HttpStatusCode.Created, plan.StatusCode);
        var upload = await Registry.UploadAsync(council, APlan.File(APlan.Number(2), APlan.Number(3)), 1, "changes");

        Assert.Equal("CPF02", upload.GetProperty("code").GetString());
        var contact = await contacts.One(_ => true);
        Assert.Equal(
            (1L, "020 7946 0002", DayOfWeek.Monday),
            (contact.Version, contact.EmergencyDutyPhone, contact.OfficeHours[0].Day)
        );
        var events = await registered.AtLeast(3);
        Assert.Equal(["CP-1", "CP-2", "CP-3"], events.Select(e => e.Reference).Order());
        var subject = registry.Service.Surroundings.Keys.Sealer.Open(events.Single(e => e.Reference == "CP-2").Subject);
        Assert.Equal(new PersonIdentifier.Known(Synthetic.NhsNumber(2)), subject.Identifier);
        Assert.Equal(["Robyn", "May"], subject.Names[0].Given);
    }
}
