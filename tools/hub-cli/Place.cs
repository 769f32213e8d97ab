namespace Safeguarding.Cli;

/// <summary>Where on disk the hub keeps itself. <c>./hub</c> and compose say it in the environment.</summary>
internal static class Place
{
    /// <summary>The repository.</summary>
    public static string Root => Setting("HUB_ROOT") ?? Directory.GetCurrentDirectory();

    /// <summary>Everything that is not in the repository: secrets, logs, running copies, backups.</summary>
    public static string State => Setting("HUB_STATE_DIRECTORY") ?? Path.Combine(Root, ".hub");

    public static string Secrets => Setting("HUB_SECRETS_DIRECTORY") ?? Path.Combine(State, "secrets");

    public static string Credentials =>
        Setting("HUB_CREDENTIALS_FILE") ?? Path.Combine(Secrets, "credentials/credentials.json");

    public static string Register => Setting("HUB_CLIENTS_FILE") ?? Path.Combine(Secrets, "register/clients.json");

    /// <summary>Where the services write the signed roots of their audit.</summary>
    public static string AuditRoots => Setting("HUB_AUDIT_ROOTS_DIRECTORY") ?? Path.Combine(State, "audit-roots");

    /// <summary>Where the certificates of each part are; null where the parts talk without TLS.</summary>
    public static string? Certificates => Setting("HUB_TLS_DIRECTORY");

    /// <summary>How the parts are called.</summary>
    public static string Scheme => Certificates is null ? "http" : "https";

    public static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? set : null;
}
