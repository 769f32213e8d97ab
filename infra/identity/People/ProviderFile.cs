using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.Tokens;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.People;

/// <summary>Reads one provider's file, whole or not at all.</summary>
internal static partial class ProviderFile
{
    public const string DevelopmentId = "development";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    /// <exception cref="BadProviderException">Names the file and the rule at fault.</exception>
    public static Provider Read(string path)
    {
        var name = Path.GetFileName(path);
        var id = Path.GetFileNameWithoutExtension(path);
        if (!IdShape().IsMatch(id) || id is DevelopmentId or "choose")
        {
            throw new BadProviderException(
                $"{name}: the name must be lower-case letters, digits and dashes, and neither development nor choose."
            );
        }

        Content content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Strict)!;
        }
        catch (JsonException exception)
        {
            throw new BadProviderException(
                $"{name} is not the JSON expected, at {exception.Path ?? "$"} (line {exception.LineNumber + 1})."
            );
        }

        var error = Validate(content);
        if (error is not null)
            throw new BadProviderException($"{name}: {error}");
        var directory = Path.GetDirectoryName(path)!;
        return new Provider(id, content.Name!, content.Kind!.Value, content.Issuer!, content.ClientId!)
        {
            Key = content.KeyFile is { } key ? ReadKey(name, Path.Combine(directory, key), content) : null,
            Secret = content.SecretFile is { } secret ? ReadText(name, Path.Combine(directory, secret)).Trim() : null,
            Scopes = content.Scopes ?? DefaultScopes(content.Kind.Value),
            Assurance = content.Assurance ?? [],
            Rules =
            [
                .. content.Rules!.SelectMany(rule =>
                    rule.Organisations!.Select(organisation => new Rule(id, organisation, rule.Role!, rule.When!))
                ),
            ],
        };
    }

    private static string? Validate(Content content)
    {
        if (string.IsNullOrWhiteSpace(content.Name))
            return "\"name\" is missing: what people call the provider.";
        if (content.Kind is null)
            return "\"kind\" must be cis2, entra or oidc.";
        if (content.Issuer is not { IsAbsoluteUri: true, Query: "", Fragment: "" } issuer)
            return "\"issuer\" must be an absolute address without query.";
        if (issuer.Scheme != Uri.UriSchemeHttps && !issuer.IsLoopback)
            return "\"issuer\" must be https.";
        if (content.Kind == ProviderKind.Entra && Provider.TenantOf(issuer) is null)
            return "\"issuer\" must be https://login.microsoftonline.com/{tenant id}/v2.0 with the id of one tenant.";
        if (string.IsNullOrWhiteSpace(content.ClientId))
            return "\"clientId\" is missing.";
        if ((content.KeyFile is null) == (content.SecretFile is null))
            return "it needs either \"keyFile\" or \"secretFile\".";
        if (content.Kind == ProviderKind.Oidc && content.Assurance is not { Count: > 0 })
            return "\"assurance\" is missing: which \"acr\" of the provider is aal1, aal2 or aal3.";
        if (content.Kind != ProviderKind.Oidc && content.Assurance is not null)
            return "\"assurance\" is only for kind oidc; the others have their own claims for it.";
        if (content.Rules is not { Count: > 0 })
            return "\"rules\" is empty: nobody could sign in.";
        foreach (var (index, rule) in content.Rules.Index())
        {
            if (Validate(rule) is { } error)
                return $"rules[{index}]: {error}";
        }

        return null;
    }

    private static string? Validate(RuleContent rule)
    {
        if (rule.Organisations is not { Count: > 0 })
            return "\"organisations\" is missing: ODS, GSS or force codes.";
        if (rule.Role is null)
            return "\"role\" is missing.";
        if (rule.When is not { Count: > 0 })
            return "\"when\" is empty: it would let in everybody whom the provider knows.";
        return rule
            .Organisations.Select(organisation => HubRoles.WhyNotFor(rule.Role, organisation))
            .FirstOrDefault(error => error is not null);
    }

    private static List<string> DefaultScopes(ProviderKind kind) =>
        kind == ProviderKind.Cis2 ? ["openid", "profile", "nationalrbacaccess", "selectedrole"] : ["openid", "profile"];

    private static SigningCredentials ReadKey(string name, string path, Content content)
    {
        var pem = ReadText(name, path);
        var algorithm = content.Kind == ProviderKind.Cis2 ? SecurityAlgorithms.RsaSha512 : SecurityAlgorithms.RsaSha256;
        try
        {
            // Entra knows a key by its certificate's thumbprint, others by its id.
            if (pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
                return new X509SigningCredentials(X509Certificate2.CreateFromPem(pem, pem), algorithm);
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            var key = new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: true));
            key.KeyId = content.Kid ?? Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
            return new SigningCredentials(key, algorithm);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new BadProviderException($"{name}: \"keyFile\" is not an RSA private key in PEM form.");
        }
    }

    private static string ReadText(string name, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadProviderException($"{name}: {Path.GetFileName(path)} cannot be read.");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex IdShape();

    private sealed record Content(
        string? Name,
        ProviderKind? Kind,
        Uri? Issuer,
        string? ClientId,
        string? KeyFile,
        string? Kid,
        string? SecretFile,
        List<string>? Scopes,
        Dictionary<string, AssuranceLevel>? Assurance,
        List<RuleContent>? Rules
    );

    private sealed record RuleContent(
        List<string>? Organisations,
        string? Role,
        SortedDictionary<string, string>? When
    );
}

internal sealed class BadProviderException(string message) : Exception(message);
