namespace Safeguarding.Portal.Practice;

/// <summary>Whether this hub is for practice: invented families, and a header on every page that says so.</summary>
public sealed class PracticeArea(IConfiguration configuration)
{
    internal const string Key = "Portal:PracticeKey";
    private const string Setting = "Portal:Practice";

    internal bool IsOn { get; } = configuration.GetValue(Setting, false);

    /// <summary>Why the portal must not start like this; null where it may.</summary>
    internal static string? ValidationErrors(IConfiguration configuration) =>
        !configuration.GetValue(Setting, false) ? null
        : string.Equals(configuration["HUB_ENVIRONMENT"], "production", StringComparison.OrdinalIgnoreCase)
            ? "Portal__Practice is true and HUB_ENVIRONMENT is production: invented children would come among real ones."
        : configuration[Key] is null or [] ? "Portal__Practice is true and Portal__PracticeKey is missing."
        : null;
}
