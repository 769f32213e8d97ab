using System.Collections.Frozen;
using System.Text;
using Hl7.Fhir.Model;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// The element names that every encounter has, kept once in the process rather than once in every
/// document.
/// </summary>
internal static class ElementNames
{
    private const int LongestKnown = 32;

    private static readonly FrozenSet<string> Usual = new[]
    {
        "resourceType",
        "id",
        "meta",
        "lastUpdated",
        "versionId",
        "profile",
        "security",
        "tag",
        "source",
        "text",
        "contained",
        "extension",
        "modifierExtension",
        "url",
        "valueCode",
        "valueCodeableConcept",
        "valueString",
        "valueDateTime",
        "identifier",
        "system",
        "value",
        "use",
        "type",
        "coding",
        "code",
        "display",
        "period",
        "start",
        "end",
        "assigner",
        "status",
        "class",
        "serviceType",
        "subject",
        "reference",
        "participant",
        "individual",
        "location",
        "hospitalization",
        "serviceProvider",
        "name",
        "family",
        "given",
        "prefix",
        "suffix",
        "telecom",
        "gender",
        "birthDate",
        "address",
        "line",
        "city",
        "district",
        "postalCode",
        "country",
        "contact",
        "relationship",
        "patient",
        "category",
        "entry",
        "fullUrl",
        "resource",
        "request",
        "method",
        "ifNoneExist",
        "ifMatch",
        "active",
        "rank",
        "managingOrganization",
        "generalPractitioner",
        "reasonCode",
        "priority",
        "admitSource",
        "dischargeDisposition",
        "reasonReference",
        "focus",
        "eventCoding",
        "sender",
        "endpoint",
        "timestamp",
        "encounter",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Usual.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    /// <summary>
    /// The path with each name that is not one of these, nor a resource type of FHIR, as a question mark: what is
    /// stored must not hold a sender's text, and a property's name is its text too.
    /// </summary>
    public static string Known(string path) =>
        string.Join(
            '.',
            path.Split('.')
                .Select(step =>
                {
                    var index = step.IndexOf('[', StringComparison.Ordinal);
                    var name = index < 0 ? step : step[..index];
                    return Usual.Contains(name) || ModelInfo.IsKnownResource(name) ? step
                        : index < 0 ? "?"
                        : $"?{step[index..]}";
                })
        );

    /// <summary>
    /// The name as a string, without making a new one where it is a usual one. Null where the bytes are not
    /// UTF-8.
    /// </summary>
    public static string? Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= LongestKnown)
        {
            Span<char> characters = stackalloc char[LongestKnown];
            if (
                Encoding.UTF8.TryGetChars(utf8, characters, out var length)
                && Lookup.TryGetValue(characters[..length], out var known)
            )
            {
                return known;
            }
        }
        return System.Text.Unicode.Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : null;
    }
}
