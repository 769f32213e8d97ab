using System.Globalization;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The state of an upload in a sentence or two, for whoever looks after it at the council.</summary>
internal static class UploadWords
{
    public static string Of(Upload upload) => upload.State switch
    {
        UploadState.Receiving => "The upload is coming in.",
        UploadState.Queued => "The upload is here. It is applied when your earlier uploads are done.",
        UploadState.Applying => Text($"{upload.LinesDone} of {upload.Lines} lines are done."),
        UploadState.Ending => Text($"All lines are done; {upload.MissingEnded} of {upload.Missing} missing plans are ended."),
        UploadState.AwaitingConfirmation => Text(
            $"All lines are done. {upload.Missing} of {upload.Running} running plans are not in the file and were NOT ended: {Because(upload)} Confirm to end them, or discard."),
        UploadState.Completed when upload.DryRun => DryRun(upload),
        UploadState.Completed when upload.Mode == UploadMode.Full => Text($"Done. {Refusals(upload)} {upload.MissingEnded} plans that are not in the file were ended."),
        UploadState.Completed => Text($"Done. {Refusals(upload)}"),
        UploadState.Discarded => Text($"Done. {Refusals(upload)} The {upload.Missing} plans that are not in the file were left running, as you decided."),
        UploadState.Superseded => Text($"Done. {Refusals(upload)} The {upload.Missing} plans that are not in the file were left to your later full register."),
        _ => upload.FailureWords ?? "",
    };

    private static string DryRun(Upload upload)
    {
        var endings = upload.Mode == UploadMode.Changes ? ""
            : EndingLimit.Reasons(upload) is [] ? Text($" {upload.Missing} of {upload.Running} running plans are not in the file and would be ended.")
            : Text($" {upload.Missing} of {upload.Running} running plans are not in the file and would wait for your confirmation: {Because(upload)}");
        return Text($"Nothing was changed: this was a dry run. {Refusals(upload)}{endings}");
    }

    private static string Refusals(Upload upload) => (upload.Refused == 0
        ? Text($"All {upload.Lines - upload.Skipped} lines are good.")
        : Text($"{upload.Refused} of {upload.Lines - upload.Skipped} lines were refused; the plans they are about stay as they were."))
        + (upload.Warned == 0 ? "" : Text($" {upload.Warned} lines were taken with a warning: look at their report."));

    private static string Because(Upload upload) => string.Join(" ", EndingLimit.Reasons(upload).Select(reason => reason == "more-than-limit"
        ? Text($"that is more than {EndingLimit.Percent} % of the register.")
        : Text($"of {upload.Unreadable} refused lines it cannot be told which plan they are about.")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
