using System.Text.Json;
using System.Text.Json.Serialization;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Hl7v2.Messages;

namespace Safeguarding.EncounterIngest.Hl7v2.Senders;

/// <summary>Reads and checks one sender's file.</summary>
internal static class SenderFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    /// <exception cref="SenderFileException">It is not a profile; the message names the file and the entry.</exception>
    public static SenderProfile Read(string path)
    {
        var file = Path.GetFileName(path);
        SenderProfile profile;
        try
        {
            using var stream = File.OpenRead(path);
            profile = JsonSerializer.Deserialize<SenderProfile>(stream, Options)
                ?? throw new SenderFileException(file, "the file", "holds no object");
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber + 1;
            throw new SenderFileException(file, exception.Path ?? "the file", $"line {line}: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SenderFileException(file, "the file", "cannot be read");
        }

        profile = profile with
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Organisation = profile.Organisation.Trim().ToUpperInvariant(),
            Certificates = [.. profile.Certificates.Select(Thumbprint)],
            Classes = WithoutCase(profile.Classes),
            Sites = WithoutCase(profile.Sites),
            TreatmentFunctions = WithoutCase(profile.TreatmentFunctions),
        };
        Check(profile, file);
        return profile;
    }

    private static void Check(SenderProfile profile, string file)
    {
        Require(
            ReadPlace.IsOdsCode(profile.Organisation),
            "organisation",
            "is an ODS code: 3 to 12 letters and digits"
        );
        Require(
            Uri.TryCreate(profile.IdentifierSystem, UriKind.Absolute, out _)
                && profile.IdentifierSystem.Length <= Limits.StoredText,
            "identifierSystem",
            "is the address of the system of visit numbers, such as https://trust.example/Id/visit"
        );
        Require(
            profile.Certificates.All(one => one.Length == 64 && one.All(char.IsAsciiHexDigit)),
            "certificates",
            "are SHA-256 thumbprints: 64 hexadecimal digits"
        );
        Require(
            profile.Certificates.Count > 0 || (profile.Application is not null && profile.Facility is not null),
            "certificates",
            "are missing; a sender in plain is known by application and facility (MSH-3 and MSH-4), both of them"
        );
        Require(
            profile.VisitNumber.Count > 0 && profile.VisitNumber.All(one => FieldPath.Read(one) is not null),
            "visitNumber",
            "is a list of fields such as PV1-19 or PID-18.1"
        );
        Require(
            profile.CharacterSet is null || CharacterSet.Named(profile.CharacterSet) is not null,
            "characterSet",
            "is one of ASCII, 8859/1, 8859/15, WINDOWS-1252, UNICODE UTF-8"
        );
        Require(
            profile.Sites.Values.Append(profile.Site ?? profile.Organisation).All(ReadPlace.IsOdsCode),
            "sites",
            "have ODS site codes: 3 to 12 letters and digits"
        );
        Require(
            profile.IgnoredEvents.All(one => one.Length == 3 && one.All(char.IsAsciiLetterOrDigit)),
            "ignoredEvents",
            "are trigger events such as A31"
        );
        Require(profile.ProcessingIds.Count > 0, "processingIds", "are at least one, such as P");

        void Require(bool holds, string entry, string rule)
        {
            if (!holds)
                throw new SenderFileException(file, entry, rule);
        }
    }

    private static string Thumbprint(string text) =>
        text.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    private static Dictionary<string, string> WithoutCase(IReadOnlyDictionary<string, string> table)
    {
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in table)
            read[key.Trim()] = value;
        return read;
    }
}

/// <summary>A sender's file cannot be used. Names the file and the entry.</summary>
internal sealed class SenderFileException(string file, string entry, string rule)
    : Exception($"HL7 v2 sender {file}: {entry} {rule}.");
