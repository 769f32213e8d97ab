using Safeguarding.Portal.PlanRegistry;

namespace Safeguarding.Portal.Words;

/// <summary>What the fields of plans and uploads are in the words of whoever keeps a register.</summary>
internal static class PlanWords
{
    public static string Kind(string kind) =>
        kind switch
        {
            "child-protection" => "Child protection plan",
            "looked-after" => "Looked-after child",
            _ => "Plan for an unborn child",
        };

    public static string Number(IdentifierDocument? identifier) =>
        identifier?.NhsNumber is { } number ? $"{number[..3]} {number[3..6]} {number[6..]}"
        : identifier?.State == "withheld" ? "Withheld"
        : "Not known";

    public static string Name(NameDocument name) =>
        string.Join(' ', (name.Given ?? []).Append(name.Family).Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>A day as the services write it.</summary>
    public static string Day(string day) => DateOnly.TryParse(day, out var date) ? UkTimes.Date(date) : day;

    public static string Day(DateTimeOffset day) => UkTimes.Date(DateOnly.FromDateTime(day.DateTime));

    public static string Mode(string mode) => mode == "full" ? "Whole register" : "Changes";

    public static string State(UploadView upload) =>
        upload switch
        {
            { State: "receiving" } => "Coming in",
            { State: "queued" } => "Waiting its turn",
            { State: "applying", DryRun: true } => "Being checked",
            { State: "applying" or "ending" } => "Being loaded",
            { State: "awaiting-confirmation" } => "Needs your word",
            { State: "completed", DryRun: true } => "Not loaded",
            { State: "completed" } => "Loaded",
            { State: "discarded" } => "Discarded",
            { State: "superseded" } => "Replaced by a later file",
            _ => "Not usable",
        };

    public static string StateColour(UploadView upload) =>
        upload switch
        {
            { State: "awaiting-confirmation" } => "red",
            { State: "failed" } => "orange",
            { State: "completed", DryRun: true } => "yellow",
            { State: "completed" } => "green",
            { State: "discarded" or "superseded" } => "grey",
            _ => "blue",
        };

    public static string Outcome(string outcome) =>
        outcome switch
        {
            "registered" => "New plan",
            "amended" => "Changed",
            "ended" => "Ended",
            "deleted" => "Deleted",
            "unchanged" => "As it was",
            "not-kept" => "Over for more than 12 months",
            "skipped" => "No plan",
            "held" => "Waits",
            "discarded" => "Discarded",
            _ => "Refused",
        };

    /// <summary>Why a file needs a second look before it is loaded.</summary>
    public static string NeedsLook(string because) =>
        because switch
        {
            "more-than-limit" =>
                "The file ends, deletes, leaves out or gives to somebody else more than a tenth of your running plans.",
            "identity-changes" => "So many lines give plans to somebody else that a column may have slipped.",
            _ =>
                "Of some refused lines it cannot be told which plan they are about, and no plan that is not in the file should end before that is known.",
        };
}
