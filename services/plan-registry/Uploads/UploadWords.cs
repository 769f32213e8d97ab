using System.Globalization;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The state of an upload in a sentence or two, for whoever looks after it at the council.</summary>
internal static class UploadWords
{
    public static string Of(Upload upload) =>
        upload.State switch
        {
            UploadState.Receiving => "The upload is coming in.",
            UploadState.Queued => "The upload is here. It is applied when your earlier uploads are done.",
            UploadState.Applying => Text($"{upload.LinesDone} of {upload.Lines} lines are done."),
            UploadState.Ending => Text(
                $"All lines are done; {upload.MissingEnded} of {upload.Missing} missing plans are ended."
            ),
            UploadState.AwaitingConfirmation => Text(
                $"{Waiting(upload)} {Because(upload)} Look whether the file is right: confirm to apply all of it, or discard what waits."
            ),
            UploadState.Completed when upload.DryRun => DryRun(upload),
            UploadState.Completed when upload.Mode == UploadMode.Full => Text(
                $"Done. {Refusals(upload)} {upload.MissingEnded} plans that are not in the file were ended."
            ),
            UploadState.Completed => Text($"Done. {Refusals(upload)}"),
            UploadState.Discarded when upload.DryRun =>
                "Nothing was changed: this was a dry run, and you discarded it.",
            UploadState.Discarded => Text($"Done. {Refusals(upload)} {Left(upload)}, as you decided."),
            UploadState.Superseded => Text(
                $"Done. {Refusals(upload)} {Left(upload)}: your later full register decides."
            ),
            _ => upload.FailureWords ?? "",
        };

    private static string Waiting(Upload upload) =>
        Text(
            $"{upload.LinesDone} of {upload.Lines} lines are done. {upload.Held} lines wait: {upload.IdentityChanges} give a running plan to somebody else, {upload.LineEndings} end one, {upload.LineDeletions} delete one. {upload.Missing} of {upload.Running} running plans are not in the file and were NOT ended."
        );

    private static string Left(Upload upload) =>
        Text(
            $"{upload.Held} lines were not applied, and {upload.Missing} plans that are not in the file were left running"
        );

    private static string DryRun(Upload upload)
    {
        var endings =
            EffectLimit.Reasons(upload) is not []
                ? Text(
                    $" {upload.Held} lines and {upload.Missing} of {upload.Running} running plans that are not in the file would wait for your confirmation: {Because(upload)}"
                )
            : upload.Mode == UploadMode.Changes ? ""
            : Text($" {upload.Missing} of {upload.Running} running plans are not in the file and would be ended.");
        return Text($"Nothing was changed: this was a dry run. {Refusals(upload)}{endings}");
    }

    private static string Refusals(Upload upload) =>
        (
            upload.Refused == 0
                ? Text($"All {upload.Lines - upload.Skipped} lines are good.")
                : Text(
                    $"{upload.Refused} of {upload.Lines - upload.Skipped} lines were refused; the plans they are about stay as they were."
                )
        )
        + (upload.Warned == 0 ? "" : Text($" {upload.Warned} lines were taken with a warning: look at their report."));

    private static string Because(Upload upload) =>
        string.Join(
            " ",
            EffectLimit
                .Reasons(upload)
                .Select(reason =>
                    reason == "more-than-limit" ? Text($"That is more than {EffectLimit.Percent} % of the register.")
                    : reason == "identity-changes"
                        ? "So many lines give plans to somebody else that a column may have slipped."
                    : Text($"Of {upload.Unreadable} refused lines it cannot be told which plan they are about.")
                )
        );

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
