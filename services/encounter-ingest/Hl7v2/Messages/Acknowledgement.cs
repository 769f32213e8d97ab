using System.Globalization;
using System.Text;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Hl7v2.Messages;

/// <summary>
/// How an acknowledgement is coded: AA, AE, AR, or CA, CE, CR where the accept acknowledgement was asked
/// for.
/// </summary>
internal enum AckMode
{
    /// <summary>As MSH-15 and MSH-16 ask.</summary>
    Auto,
    Original,
    Enhanced,
}

/// <summary>What became of a message.</summary>
internal enum AckResult
{
    /// <summary>Stored, or nothing had to be: the sender goes on with its next.</summary>
    Accept,

    /// <summary>The sender may send it again.</summary>
    Error,

    /// <summary>It can never be taken.</summary>
    Reject,
}

/// <summary>
/// The answer to a message, in the sender's own delimiters and character set. It names segments, fields and codes, and
/// never a value of the message but what the standard has echoed: who sent it to whom, and its control id.
/// </summary>
internal static class Acknowledgement
{
    private const int LongestControlId = 199;
    private const int LongestText = 80;

    /// <param name="message">What is answered.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="mode">As the sender's profile has it.</param>
    /// <param name="issues">What was found.</param>
    /// <param name="id">The answer's own control id.</param>
    /// <param name="now">When.</param>
    /// <returns>Null where the sender asked for no answer.</returns>
    public static byte[]? Write(
        Hl7Message message,
        AckResult result,
        AckMode mode,
        IReadOnlyList<Issue> issues,
        string id,
        DateTimeOffset now
    )
    {
        if (Code(message.Header, result, mode) is not { } code)
            return null;
        var syntax = message.Syntax;
        var (f, c) = (syntax.Field, syntax.Component == '\0' ? "" : syntax.Component.ToString());
        var header = message.Header;
        var isMessage = header.Name == "MSH";
        var trigger = isMessage ? Trigger(header) : "";
        var version = isMessage ? header[12].Raw : "2.4";
        var number = Version(isMessage ? header[12] : default) ?? new Version(2, 4);
        var text = new StringBuilder();
        text.Append("MSH").Append(f).Append(header[2].Raw).Append(f);
        text.AppendJoin(f, header[5].Raw, header[6].Raw, header[3].Raw, header[4].Raw).Append(f);
        text.Append(UkTime.Local(now).ToString("yyyyMMddHHmmsszz00", CultureInfo.InvariantCulture)).Append(f).Append(f);
        text.Append("ACK");
        if (trigger.Length > 0 && c.Length > 0)
            text.Append(c).Append(trigger).Append(number >= new Version(2, 3, 1) ? $"{c}ACK" : "");
        text.Append(f).Append(id).Append(f);
        text.Append(isMessage && header[11].Raw.Length > 0 ? header[11].Raw : "P").Append(f);
        text.Append(version.Length > 0 ? version : "2.4");
        if (isMessage && header[18].Raw.Length > 0)
            text.Append(f, 6).Append(header[18].Raw);
        text.Append('\r');

        var first = issues.FirstOrDefault(issue => issue.IsError) ?? (issues.Count > 0 ? issues[0] : null);
        var controlId = isMessage ? header[10].Raw : header[11].Raw;
        text.Append("MSA").Append(f).Append(code).Append(f);
        text.Append(controlId.Length > LongestControlId ? controlId[..LongestControlId] : controlId);
        var isNew = number >= new Version(2, 5);
        if (first is not null && !isNew)
            text.Append(f).Append(Shortened(Plain($"{first.Path} {first.Kind.Code}".Trim(), syntax)));
        text.Append('\r');
        // Before 2.5 an ERR says "this is why it failed" and knows no warning.
        foreach (var issue in issues.OrderByDescending(issue => issue.IsError))
        {
            if (c.Length > 0 && (isNew || issue.IsError))
                text.Append(Error(issue, syntax, isNew)).Append('\r');
        }

        return syntax.Charset.GetBytes(text.ToString());
    }

    /// <summary>The version without its country, such as 2.4 of <c>2.4^GBR</c>; null of what is none.</summary>
    public static Version? Version(Field version) =>
        version.Raw is not null
        && version.Text is { } text
        && System.Version.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : $"{text}.0", out var read)
            ? read
            : null;

    private static string Trigger(Segment header)
    {
        var trigger = header[9].Component(2).Raw;
        return trigger.Length == 3 && trigger.All(char.IsAsciiLetterOrDigit) ? trigger : "";
    }

    private static string? Code(Segment header, AckResult result, AckMode mode)
    {
        var (accept, application) =
            header.Name == "MSH"
                ? (header[15].Text?.ToUpperInvariant(), header[16].Text?.ToUpperInvariant())
                : (null, null);
        var enhanced = mode switch
        {
            AckMode.Original => false,
            AckMode.Enhanced => true,
            _ => accept is not (null or "NE"),
        };
        if (
            mode == AckMode.Auto
            && !(
                enhanced ? Wanted(accept, result) : Wanted(application, result) || (accept, application) is (null, null)
            )
        )
        {
            return null;
        }

        return (enhanced ? "C" : "A")
            + result switch
            {
                AckResult.Accept => "A",
                AckResult.Error => "E",
                _ => "R",
            };
    }

    // NE: never. ER and SU: on error, on success. Anything else: always.
    private static bool Wanted(string? condition, AckResult result) =>
        condition switch
        {
            "NE" or null => false,
            "ER" => result != AckResult.Accept,
            "SU" => result == AckResult.Accept,
            _ => true,
        };

    private static string Error(Issue issue, Syntax syntax, bool isNew)
    {
        var (f, c) = (syntax.Field, syntax.Component);
        var (code, name) = Table0357(issue.Kind);
        var at = FieldPath.Read(issue.Path ?? "");
        var segment = at?.Segment ?? issue.Path ?? "MSH";
        var place = at is { } path ? $"{segment}{c}1{c}{path.Field}" : $"{segment}{c}1";
        if (isNew)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"ERR{f}{f}{place}{f}{code}{c}{name}{c}HL70357{f}{(issue.IsError ? 'E' : 'W')}{f}{issue.Kind.Code}{f}{f}{f}{Plain(issue.Kind.Text, syntax)}"
            );
        }

        var s = syntax.Sub;
        var why =
            s == '\0'
                ? string.Create(CultureInfo.InvariantCulture, $"{code}")
                : string.Create(CultureInfo.InvariantCulture, $"{code}{s}{name}{s}HL70357");
        return at is null ? $"ERR{f}{place}{c}{c}{why}" : $"ERR{f}{place}{c}{why}";
    }

    private static (int Code, string Name) Table0357(IssueKind kind) =>
        kind == IssueKind.Hl7MessageTypeUnsupported || kind == IssueKind.Hl7BatchUnsupported
            ? (200, "Unsupported message type")
        : kind == IssueKind.Hl7ProcessingIdUnsupported ? (202, "Unsupported processing id")
        : kind == IssueKind.Hl7VersionUnsupported ? (203, "Unsupported version id")
        : kind == IssueKind.SeveralPatients ? (100, "Segment sequence error")
        : kind.Type switch
        {
            Hl7.Fhir.Model.OperationOutcome.IssueType.Required => (101, "Required field missing"),
            Hl7.Fhir.Model.OperationOutcome.IssueType.CodeInvalid
            or Hl7.Fhir.Model.OperationOutcome.IssueType.NotFound => (103, "Table value not found"),
            Hl7.Fhir.Model.OperationOutcome.IssueType.Forbidden => (204, "Unknown key identifier"),
            Hl7.Fhir.Model.OperationOutcome.IssueType.Transient
            or Hl7.Fhir.Model.OperationOutcome.IssueType.Throttled
            or Hl7.Fhir.Model.OperationOutcome.IssueType.Exception => (207, "Application internal error"),
            _ => (102, "Data type error"),
        };

    // Texts of the hub's own, in which a delimiter of the sender's may stand.
    private static string Plain(string text, Syntax syntax) =>
        string.Concat(text.Select(letter => IsDelimiter(letter, syntax) ? ' ' : letter));

    private static bool IsDelimiter(char letter, Syntax syntax) =>
        letter == syntax.Field
        || letter == syntax.Component
        || letter == syntax.Repeat
        || letter == syntax.Escape
        || letter == syntax.Sub;

    private static string Shortened(string text) => text.Length > LongestText ? text[..LongestText] : text;
}
