using System.Diagnostics.Metrics;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting.Access;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// What was passed over in accepted encounters, by organisation and code: a trust whose numbers or sites stop arriving
/// shows here, before its councils miss them.
/// </summary>
internal static class PassedOver
{
    // The hub's meter: AddHub exports it.
    private static readonly Meter Meter = new("Safeguarding.Hub");

    private static readonly Counter<long> Counter = Meter.CreateCounter<long>(
        "hub.encounters.passed_over",
        "{warning}",
        "Warnings in accepted encounters, by organisation and code"
    );

    public static void Count(Caller caller, Issues issues)
    {
        foreach (var issue in issues.All)
        {
            if (!issue.IsError)
                Counter.Add(1, new("organisation", caller.Organisation), new("code", issue.Kind.Code));
        }
    }
}
