using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;

namespace Safeguarding.Portal.Services;

/// <summary>What the hub has to say of a place in what was checked.</summary>
/// <param name="Severity">As FHIR has it: error, warning or information.</param>
/// <param name="Code">Stable.</param>
/// <param name="Words">What it means.</param>
/// <param name="Path">Which element, as FHIRPath; null for the whole.</param>
/// <param name="Detail">What the code cannot say.</param>
/// <param name="Line">From one; null where it is about no place.</param>
/// <param name="Column">From one.</param>
internal sealed record EncounterIssue(
    string Severity,
    string Code,
    string Words,
    string? Path,
    string? Detail,
    int? Line,
    int? Column
)
{
    public const string Error = "error";
    public const string Information = "information";

    /// <summary>It is larger than the hub takes, so nothing of it was read.</summary>
    public bool IsTooLarge => Code == "body-too-large";
}

/// <summary>
/// Has encounter-ingest check an Encounter or a Bundle (<c>$validate</c>). It answers in FHIR, for which no client can
/// be made from a document.
/// </summary>
/// <param name="http">Clients with the person's token.</param>
public sealed class EncounterChecks(IHttpClientFactory http)
{
    private const string LineUrl = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
    private const string ColumnUrl = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";
    private const string Json = "application/fhir+json";
    private const string Bundle = "Bundle";

    internal static bool IsXml(string text) => text.AsSpan().TrimStart() is ['<', ..];

    internal async Task<IReadOnlyList<EncounterIssue>> CheckAsync(string text, CancellationToken cancellationToken)
    {
        var isXml = IsXml(text);
        var type = (isXml ? IsXmlBundle(text) : IsJsonBundle(text)) ? Bundle : "Encounter";
        using var client = http.CreateClient("encounter-ingest");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"fhir/{type}/$validate")
        {
            Content = new StringContent(text, Encoding.UTF8, isXml ? "application/fhir+xml" : Json),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
        using var answer = await client.SendAsync(request, cancellationToken);
        var outcome = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return [.. outcome!["issue"]!.AsArray().Select(issue => Of(issue!))];
    }

    private static EncounterIssue Of(JsonNode issue) =>
        new(
            issue["severity"]!.GetValue<string>(),
            issue["details"]!["coding"]![0]!["code"]!.GetValue<string>(),
            issue["details"]!["text"]!.GetValue<string>(),
            issue["expression"]?[0]?.GetValue<string>(),
            issue["diagnostics"]?.GetValue<string>(),
            Number(issue, LineUrl),
            Number(issue, ColumnUrl)
        );

    private static int? Number(JsonNode issue, string url) =>
        (issue["extension"]?.AsArray() ?? [])
            .FirstOrDefault(one => one!["url"]!.GetValue<string>() == url)
            ?["valueInteger"]!.GetValue<int>();

    // What cannot be read is nothing of either: the service says where.
    private static bool IsJsonBundle(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("resourceType", out var type)
                && type.ValueEquals(Bundle);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsXmlBundle(string text)
    {
        try
        {
            using var xml = XmlReader.Create(
                new StringReader(text.TrimStart()),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
            );
            xml.MoveToContent();
            return xml.LocalName == Bundle;
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
