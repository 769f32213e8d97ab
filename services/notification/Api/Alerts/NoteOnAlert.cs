using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Access;
using Safeguarding.Notification.Domain;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Alerts;

/// <summary>
/// Somebody of the council writes what others who have the alert are to know. It is a line of the history and changes
/// nothing else.
/// </summary>
internal static class NoteOnAlert
{
    internal static async Task<Results<Ok<Note>, ProblemHttpResult>> Handle(
        Guid id,
        NoteOnAlertRequest request,
        Caller caller,
        NotificationDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (WrittenText.Read(request.Text, required: true, out var text) is { } unusable)
            return unusable;
        if (AnswerFields.Read(request.Kind, request.Name, caller, out var actor) is { } error)
            return error;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAsync(id, caller.Organisation, cancellationToken) is not { } alert)
            return Refusal.NotFound();

        // A form that is sent twice is one note.
        var entry = await db
            .AlertEntries.Where(known => known.AlertId == id && known.EventType == AlertEventType.Noted)
            .OrderByDescending(known => known.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (entry is null || entry.Note != text || entry.By != actor.Name)
        {
            var now = clock.GetUtcNow().AsStored();
            db.Add(entry = AlertEntry.Of(alert, AlertEventType.Noted, now, actor, text));
        }
        db.Audit(caller, "alert.note", alert.Id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(new Note(id, alert.IsRestricted ? entry.At.DayOnly() : entry.At, actor.Name, text!));
    }

    /// <param name="AlertId">The alert.</param>
    /// <param name="At">When it was written.</param>
    /// <param name="By">Who wrote it.</param>
    /// <param name="Text">What.</param>
    internal sealed record Note(Guid AlertId, DateTimeOffset At, string By, string Text);
}

/// <param name="Text">At most 1000 characters. Of a restricted child it is shown to who may read the place.</param>
/// <param name="Kind">person or system; system where not given.</param>
/// <param name="Name">Who, as the council names them; required for a person.</param>
internal sealed record NoteOnAlertRequest(string? Text, ActorKind? Kind, string? Name);
