using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>How far an upload is and what came of it.</summary>
/// <param name="Id">Of the upload.</param>
/// <param name="Sequence">The file's number; null where it has none.</param>
/// <param name="Mode">full, the whole register, or changes.</param>
/// <param name="DryRun">Whether it was sent to be checked first.</param>
/// <param name="State">receiving, queued, applying, ending, awaiting-confirmation, completed, discarded, superseded or
/// failed.</param>
/// <param name="Code">CPF02 all loaded, CPF03 part, CPF04 none, CPF01 unusable, CPF05 send again, CPF06 columns not
/// understood; null while it is not known.</param>
/// <param name="Words">What code says, in a sentence.</param>
/// <param name="ReceivedAt">When it began to arrive.</param>
/// <param name="FinishedAt">When all that could be done was done.</param>
/// <param name="Progress">How many of its lines are done.</param>
/// <param name="Counts">What came of its lines.</param>
/// <param name="Effect">What it does to plans that ran before it.</param>
/// <param name="Endings">What a full register leaves out; null of changes.</param>
/// <param name="Failure">Why nothing of it was done; null where something was.</param>
/// <param name="KeptUntil">Until when a dry run can be confirmed, and refused lines be had as they were sent; null
/// where nothing is kept.</param>
internal sealed record UploadView(
    Guid Id,
    long? Sequence,
    string Mode,
    bool DryRun,
    string State,
    string? Code,
    string Words,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? FinishedAt,
    UploadProgress Progress,
    UploadCounts Counts,
    UploadEffect Effect,
    UploadEndingsView? Endings,
    UploadFailure? Failure,
    DateTimeOffset? KeptUntil
)
{
    public static UploadView Of(Upload upload) =>
        new(
            upload.Id,
            upload.Sequence == 0 ? null : upload.Sequence,
            upload.Mode.Kebab(),
            upload.DryRun,
            upload.State.Kebab(),
            CpisCode.OfUpload(upload),
            UploadWords.Of(upload),
            upload.ReceivedAt,
            upload.FinishedAt,
            new UploadProgress(upload.Lines, upload.LinesDone),
            new UploadCounts(
                upload.Registered,
                upload.Amended,
                upload.Ended,
                upload.Deleted,
                upload.Unchanged,
                upload.NotKept,
                upload.Refused,
                upload.Skipped,
                upload.Warned
            ),
            new UploadEffect(
                upload.Running,
                upload.IdentityChanges,
                upload.LineEndings,
                upload.LineDeletions,
                upload.Missing,
                upload.Held,
                upload.WaitingSince,
                EffectLimit.Reasons(upload)
            ),
            upload.Mode == UploadMode.Full
                ? new UploadEndingsView(
                    upload.Running,
                    upload.Missing,
                    upload.MissingEnded,
                    EffectLimit.Reasons(upload)
                )
                : null,
            upload.FailureCode is { } code ? new UploadFailure(code, upload.FailureWords!) : null,
            upload
                is { State: UploadState.Receiving or UploadState.Failed }
                    or { DryRun: true, State: UploadState.Discarded }
                ? null
                : upload.ReceivedAt + Upload.Kept
        );
}

/// <summary>How far an upload is.</summary>
/// <param name="Lines">Lines of the file, without its head.</param>
/// <param name="LinesDone">Those that were looked at.</param>
internal sealed record UploadProgress(int Lines, int LinesDone);

/// <param name="Registered">Plans new to the hub.</param>
/// <param name="Amended">Plans that were changed.</param>
/// <param name="Ended">Plans that lines ended.</param>
/// <param name="Deleted">Plans that were never right.</param>
/// <param name="Unchanged">Lines that said what is known.</param>
/// <param name="NotKept">Plans over for more than 12 months.</param>
/// <param name="Refused">Lines that were refused.</param>
/// <param name="Skipped">Lines below the last plan, such as a total.</param>
/// <param name="Warned">Of the lines that were taken, those with a warning in their report.</param>
internal sealed record UploadCounts(
    int Registered,
    int Amended,
    int Ended,
    int Deleted,
    int Unchanged,
    int NotKept,
    int Refused,
    int Skipped,
    int Warned
);

/// <summary>What the upload does to plans that ran before it.</summary>
/// <param name="Running">Plans that ran before the upload.</param>
/// <param name="IdentityChanges">Of them, those that its lines give to somebody else: another NHS number, name or date
/// of birth, or none where there was one.</param>
/// <param name="Ended">Those that its lines end.</param>
/// <param name="Deleted">Those that its lines delete.</param>
/// <param name="Missing">Those that a full register leaves out.</param>
/// <param name="Held">Lines that wait for the council's word, or were discarded.</param>
/// <param name="WaitingSince">Since when it waits, or waited, for it.</param>
/// <param name="NeedConfirmationBecause">Why; empty where nothing waits.</param>
internal sealed record UploadEffect(
    int Running,
    int IdentityChanges,
    int Ended,
    int Deleted,
    int Missing,
    int Held,
    DateTimeOffset? WaitingSince,
    IReadOnlyList<string> NeedConfirmationBecause
);

/// <param name="Running">Plans that ran before the upload.</param>
/// <param name="Missing">Running plans that the full register leaves out.</param>
/// <param name="Ended">How many of them were ended.</param>
/// <param name="NeedConfirmationBecause">Why the missing are not ended without the council's word; empty where they
/// are.</param>
internal sealed record UploadEndingsView(
    int Running,
    int Missing,
    int Ended,
    IReadOnlyList<string> NeedConfirmationBecause
);

internal sealed record UploadFailure(string Code, string Words);
