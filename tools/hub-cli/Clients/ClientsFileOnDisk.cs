using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Safeguarding.Identity.Clients;

namespace Safeguarding.Cli.Clients;

/// <summary>
/// The clients file, changed by one order at a time and replaced whole: the service reads the old one or the
/// new one, never half of one.
/// </summary>
internal sealed class ClientsFileOnDisk(string path)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public JsonArray Read()
    {
        var text = File.ReadAllText(path);
        ClientsFile.Read(Encoding.UTF8.GetBytes(text));
        return JsonNode.Parse(text)!["clients"]!.AsArray();
    }

    /// <exception cref="BadClientsFileException">The file, as it was or as it would become, is not one the service
    /// would take.</exception>
    public void Change(Action<JsonArray> change)
    {
        var orders = $"{path}.lock";
        using var alone = new FileStream(orders, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var clients = Read();
        change(clients);
        var text = clients.Root.ToJsonString(Indented);
        ClientsFile.Read(Encoding.UTF8.GetBytes(text));

        // For the audit of identity, which takes the one with the other.
        Replace(
            $"{path}.by",
            $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))} {Operator}\n"
        );
        Replace(path, text);
    }

    // Under sudo the one who asked; in a container the one who started it.
    private static string Operator =>
        Place.Setting("HUB_OPERATOR") ?? Place.Setting("SUDO_USER") ?? Environment.UserName;

    private void Replace(string file, string text)
    {
        var draft = $"{file}.new";
        File.Delete(draft);
        File.WriteAllText(draft, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, File.GetUnixFileMode(path));
        File.Move(draft, file, overwrite: true);
    }

    public static JsonObject? Find(JsonArray clients, string id) =>
        clients.OfType<JsonObject>().FirstOrDefault(client => (string?)client["id"] == id);

    /// <exception cref="RefusedException">There is no such client.</exception>
    public static JsonObject Known(JsonArray clients, string id) =>
        Find(clients, id)
        ?? throw new RefusedException($"there is no client {id}. ./hub clients shows those there are.");

    /// <summary>When a key ends that a rotation has followed.</summary>
    public static DateTimeOffset? Until(JsonNode? key) =>
        (string?)key?["until"] is { } text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : null;
}
