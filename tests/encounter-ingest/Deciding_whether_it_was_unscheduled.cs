using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class Deciding_whether_it_was_unscheduled
{
    [Theory]
    // class, admission method, service code, site, unscheduled?
    [InlineData("EMER", "11", null, CareSetting.Scheduled, true)]
    [InlineData("IMP", null, null, CareSetting.Unknown, true)]
    [InlineData("AMB", null, null, CareSetting.Unknown, true)]
    [InlineData("IMP", "11", null, CareSetting.Unknown, false)]
    [InlineData("IMP", "12", null, CareSetting.EmergencyDepartment, false)]
    [InlineData("IMP", "21", null, CareSetting.Scheduled, true)]
    [InlineData("IMP", "2D", null, CareSetting.Scheduled, true)]
    [InlineData("IMP", "31", null, CareSetting.Scheduled, true)]
    [InlineData("IMP", "82", null, CareSetting.Unknown, true)]
    [InlineData("IMP", "81", null, CareSetting.Scheduled, false)]
    [InlineData("OBSENC", null, "180", CareSetting.Scheduled, true)]
    [InlineData("AMB", null, "C", CareSetting.Unknown, false)]
    [InlineData("AMB", null, null, CareSetting.Scheduled, false)]
    [InlineData("AMB", null, null, CareSetting.UrgentTreatmentCentre, true)]
    [InlineData(null, null, null, CareSetting.Unknown, true)]
    public void The_class_alone_decides_only_for_emergencies(
        string? classCode,
        string? method,
        string? service,
        CareSetting site,
        bool unscheduled
    )
    {
        var encounter = new EncounterParticulars
        {
            Identifier = new BusinessIdentifier("s", "v"),
            FhirStatus = "arrived",
            Status = EncounterStatus.Arrived,
            ClassCode = classCode,
            AdmissionMethod = method,
            ServiceCodes = service is null ? [] : [service],
        };
        Assert.Equal(unscheduled, Unscheduled.Decide(encounter, site));
    }
}
