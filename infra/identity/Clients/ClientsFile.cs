using System.Text.Json;
using System.Text.Json.Serialization;

namespace Safeguarding.Identity.Clients;

/// <summary>
/// Reads the clients file as a whole or not at all: one wrong entry could be the one that was to be switched
/// off.
/// </summary>
internal static class ClientsFile
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        // A misspelt "disabled" must not leave a client switched on.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <exception cref="BadClientsFileException">Names the entry at fault.</exception>
    public static IReadOnlyDictionary<string, Client> Read(ReadOnlySpan<byte> json)
    {
        var file = Deserialize<FileContent>(json, "the file");
        var clients = new Dictionary<string, Client>(StringComparer.Ordinal);
        foreach (
            var (index, element) in (
                file.Clients ?? throw new BadClientsFileException("\"clients\" is missing.")
            ).Index()
        )
        {
            var client = ReadEntry(element, $"clients[{index}]");
            if (!clients.TryAdd(client.Id, client))
                throw new BadClientsFileException($"clients[{index}] ({client.Id}): this id is already taken.");
        }

        return clients;
    }

    private static Client ReadEntry(JsonElement element, string place)
    {
        var entry = Deserialize<ClientEntry>(JsonSerializer.SerializeToUtf8Bytes(element), place);
        if (entry.Validate() is { } error)
            throw new BadClientsFileException($"{place} ({entry.Id}): {error}");
        return new Client
        {
            Id = entry.Id!,
            Organisation = entry.Organisation!,
            Scopes = Set(entry.Scopes),
            RedirectUris = Set(entry.RedirectUris),
            PostLogoutRedirectUris = Set(entry.PostLogoutRedirectUris),
            Disabled = entry.Disabled,
            HasNhsErrors = entry.TokenErrors == ClientEntry.NhsErrors,
            Keys = entry.Jwks?.Keys.ToDictionary(key => key.Kid!, key => key.ToSecurityKey(), StringComparer.Ordinal)
                ?? [],
            KeyEnds = entry
                .Jwks?.Keys.Where(key => key.Until is not null)
                .ToDictionary(key => key.Kid!, key => key.Until!.Value, StringComparer.Ordinal)
                ?? [],
            SecretHash = entry.Secret is null ? null : Client.Hash(entry.Secret),
        };
    }

    private static HashSet<string> Set(List<string>? values) => (values ?? []).ToHashSet(StringComparer.Ordinal);

    private static T Deserialize<T>(ReadOnlySpan<byte> json, string place)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Strict)
                ?? throw new BadClientsFileException($"{place} is null.");
        }
        catch (JsonException exception)
        {
            // The serializer's own message may quote the text at fault, which may be a secret.
            throw new BadClientsFileException(
                $"{place} is not the JSON expected, at {exception.Path ?? "$"} (line {exception.LineNumber + 1})."
            );
        }
    }

    private sealed record FileContent(List<JsonElement>? Clients);
}

internal sealed class BadClientsFileException(string message) : Exception(message);
