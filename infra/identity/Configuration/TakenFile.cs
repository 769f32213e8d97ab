namespace Safeguarding.Identity.Configuration;

/// <summary>A file of configuration that identity has taken, for the audit.</summary>
/// <param name="Act">Such as <c>configuration.clients</c>.</param>
/// <param name="Content">What it says; the record has its digest.</param>
/// <param name="By">Who changed it: a user of the operating system, or <see cref="Unknown"/>.</param>
/// <param name="Changes">What became of each client or provider in it; none of a file that is read at the start.</param>
internal sealed record TakenFile(string Act, byte[] Content, string By, IReadOnlyList<ChangedEntry> Changes)
{
    /// <summary>Whoever may write the file.</summary>
    public const string Unknown = "file";
}

/// <summary>A client or provider that a file says something else of than before.</summary>
/// <param name="Act">Such as <c>client.disable</c>.</param>
/// <param name="Id">Of the client; of a provider the name of its file.</param>
/// <param name="Organisation">Whose it is.</param>
internal sealed record ChangedEntry(string Act, string Id, string Organisation);

/// <summary>The acts that the audit names of configuration.</summary>
internal static class ConfigurationActs
{
    public const string ClientAdded = "client.add";
    public const string ClientRemoved = "client.remove";
    public const string ClientDisabled = "client.disable";
    public const string ClientEnabled = "client.enable";
    public const string ClientRotated = "client.rotate";
    public const string ClientChanged = "client.change";
    public const string ProviderAdded = "provider.add";
    public const string ProviderRemoved = "provider.remove";
    public const string ProviderChanged = "provider.change";
    public const string ClientsTaken = "configuration.clients";
    public const string ProvidersTaken = "configuration.providers";
    public const string RolesTaken = "configuration.roles";

    /// <summary>Who runs the hub, as organisations are named.</summary>
    public const string Hub = "HUB";
}
