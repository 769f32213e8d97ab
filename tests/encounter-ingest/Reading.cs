using System.Text;
using System.Text.Json.Nodes;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Tests;

/// <summary>The pure reader: bytes to a submission or to the reasons why not.</summary>
internal static class Reading
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static (Submission? Submission, IReadOnlyList<string> Codes, IReadOnlyList<Issue> Issues) Of(
        JsonNode encounter
    ) => OfJson(encounter.ToJsonString());

    public static (Submission? Submission, IReadOnlyList<string> Codes, IReadOnlyList<Issue> Issues) OfJson(
        string json
    ) => Of(() => new FhirDocument(ReadJson.Read(Encoding.UTF8.GetBytes(json)), fromXml: false));

    public static (Submission? Submission, IReadOnlyList<string> Codes, IReadOnlyList<Issue> Issues) OfXml(
        string xml
    ) => Of(() => new FhirDocument(ReadXml.Read(Encoding.UTF8.GetBytes(xml)), fromXml: true));

    /// <summary>The one error that a changed sample is refused for, with its path.</summary>
    public static (string Code, string? Path) Refusal(Action<JsonNode> change)
    {
        var encounter = Samples.Encounter();
        change(encounter);
        var error = Assert.Single(Of(encounter).Issues, issue => issue.IsError);
        return (error.Kind.Code, error.Path);
    }

    public static Submission Accepted(Action<JsonNode> change)
    {
        var encounter = Samples.Encounter();
        change(encounter);
        var (submission, codes, _) = Of(encounter);
        Assert.True(submission is not null, string.Join(", ", codes));
        return submission;
    }

    /// <summary>A Bundle by its type: transaction, batch, message or notification.</summary>
    public static (
        IReadOnlyList<Submission> Submissions,
        IReadOnlyList<string> Codes,
        IReadOnlyList<Issue> Issues
    ) OfBundle(JsonNode bundle, string organisation = "RZZ")
    {
        var issues = new Issues();
        var document = new FhirDocument(ReadJson.Read(Encoding.UTF8.GetBytes(bundle.ToJsonString())), fromXml: false);
        var read = bundle["type"]!.GetValue<string>() is "transaction" or "batch"
            ? ReadTransaction.Read(document, new SendingTrust(organisation), Now, issues)?.Encounters
            : ReadMessage.Read(document, new SendingTrust(organisation), Now, issues)?.Encounters;
        return (
            [.. issues.Refused ? [] : read!.Select(one => one.Submission)],
            [.. issues.All.Select(issue => issue.Kind.Code)],
            issues.All
        );
    }

    private static (Submission?, IReadOnlyList<string>, IReadOnlyList<Issue>) Of(Func<FhirDocument> read)
    {
        var issues = new Issues();
        Submission? submission = null;
        try
        {
            submission = ReadDocument.Encounter(read(), new SendingTrust("RZZ"), Now, issues);
        }
        catch (RefusedException refused)
        {
            issues.Refuse(refused.Kind, refused.Path);
        }

        return (submission, [.. issues.All.Select(issue => issue.Kind.Code)], issues.All);
    }
}
