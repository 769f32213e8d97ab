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

    /// <summary>Who acted, by name where a name came with the act, else by role and id.</summary>
    public static string Actor(string by) =>
        by.Split(' ', 2) is [var role, var id] && id.Contains('|', StringComparison.Ordinal)
            ? $"{Role(role)} ({id})"
            : by;
}
