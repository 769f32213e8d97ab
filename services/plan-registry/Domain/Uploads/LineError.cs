using System.Text.Json;
using Safeguarding.Messaging;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Domain.Uploads;

/// <summary>
/// Why a line was refused, or what could not be used of one that was taken: a code in the manner of CP-IS, our
/// own exact code, the column, and words.
/// </summary>
internal sealed record LineError(string Code, string Detail, string? Column, string Words)
{
    // What is said of a value that was taken.
    private static readonly HashSet<string> OfUsableValues =
    [
        "encoding-damaged",
        "nhs-number-repeated",
        "nhs-number-superseded",
        "reference-nearly-known",
        "waits-identity",
        "waits-ends",
        "waits-deletes",
    ];

    public static LineError Of(ValidationError fault) =>
        new(CpisCode.OfFault(fault.Code), fault.Code, fault.Field?.Column, fault.Words);

    public static string Json(IEnumerable<ValidationError> faults) =>
        JsonSerializer.Serialize(faults.Select(Of), HubJson.Options);

    /// <summary>Of a line that is taken all the same: its code says loaded, or that the number is superseded.</summary>
    public static string WarningsJson(IEnumerable<ValidationError> warnings) =>
        JsonSerializer.Serialize(
            warnings.Select(warning =>
                Of(warning) is { Code: not CpisCode.Superseded } fault
                    ? fault with
                    {
                        Code = CpisCode.Loaded,
                    }
                    : Of(warning)
            ),
            HubJson.Options
        );

    /// <summary>The columns of a line that was taken whose values could not be used.</summary>
    public static IReadOnlySet<string> UnusableColumns(string json) =>
        FromJson(json)
            .Where(error => !OfUsableValues.Contains(error.Detail))
            .Select(error => error.Column)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);

    public static IReadOnlyList<LineError> FromJson(string json) =>
        JsonSerializer.Deserialize<List<LineError>>(json, HubJson.Options)!;
}

/// <summary>
/// Codes in the manner of CP-IS's upload responses. CPR02 and CPR03 need a demographic service, which the hub does not
/// ask; CPF05 is CP-IS's "resend", there for demographics and here for the hub's own failure.
/// </summary>
internal static class CpisCode
{
    public const string NoSuchNumber = "CPR01";
    public const string OldStyleNumber = "CPR04";
    public const string Superseded = "CPR05";
    public const string Loaded = "CPR06";
    public const string NotLoaded = "CPR07";

    public const string FileMalformed = "CPF01";
    public const string AllLoaded = "CPF02";
    public const string PartLoaded = "CPF03";
    public const string NoneLoaded = "CPF04";
    public const string Resend = "CPF05";
    public const string FormatNotSupported = "CPF06";

    public static string OfFault(string code) =>
        code switch
        {
            "nhs-number-check-digit" => NoSuchNumber,
            "nhs-number-format" => OldStyleNumber,
            "nhs-number-superseded" => Superseded,
            _ => NotLoaded,
        };

    public static string? OfUpload(Upload upload) =>
        upload switch
        {
            { State: UploadState.Receiving or UploadState.Queued or UploadState.Applying } => null,
            { State: UploadState.Failed } => upload.FailureCode switch
            {
                "hub-failed" => Resend,
                { } code
                    when code.StartsWith("header-", StringComparison.Ordinal)
                        || code.StartsWith("column-", StringComparison.Ordinal) => FormatNotSupported,
                _ => FileMalformed,
            },
            { Refused: 0 } => AllLoaded,
            _ when upload.Refused == upload.Lines - upload.Skipped => NoneLoaded,
            _ => PartLoaded,
        };
}
