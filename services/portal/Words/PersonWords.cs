namespace Safeguarding.Portal.Words;

/// <summary>What people's roles are called.</summary>
internal static class PersonWords
{
    /// <summary>A role of infra/hosting/Access/roles.json in words.</summary>
    public static string Role(string role) =>
        role switch
        {
            "clinician-unscheduled" => "Clinician, unscheduled care",
            "clinician-scheduled" => "Clinician, scheduled care",
            _ => ReviewWords.Capital(role.Replace('-', ' ')),
        };
}
