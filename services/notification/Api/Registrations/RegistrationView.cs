using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Notification.Domain.Registrations;
using Safeguarding.Notification.Storage;

namespace Safeguarding.Notification.Api.Registrations;

/// <summary>A child that another council has on its register too, as the caller's council reads it.</summary>
/// <param name="Id">Names it in calls about it.</param>
/// <param name="Plan">The council's own reference of its plan of the child.</param>
/// <param name="RegisteredBy">Whether you registered the child when another council had it, or another did when you
/// had it.</param>
/// <param name="OtherCouncil">GSS code of the other council; null where it is not shown, because it has restricted its
/// plan of the child.</param>
/// <param name="RegisteredAt">When the later of the two plans came to be about this child.</param>
/// <param name="NotifiedAt">When the hub notified you.</param>
/// <param name="ChallengedAt">When you challenged it; null where you have not.</param>
/// <param name="ChallengeReason">Why you did.</param>
/// <param name="OtherChallengedAt">When the other council challenged it.</param>
/// <param name="PlaceAgreedAt">Since when the other council may see where the child is, by your leave.</param>
/// <param name="OtherPlaceAgreedAt">Since when you may, by the other council's leave.</param>
internal sealed record RegistrationView(
    Guid Id,
    string Plan,
    RegisteredBy RegisteredBy,
    string? OtherCouncil,
    DateTimeOffset RegisteredAt,
    [property: JsonPropertyName("toldAt")] DateTimeOffset NotifiedAt,
    DateTimeOffset? ChallengedAt,
    string? ChallengeReason,
    DateTimeOffset? OtherChallengedAt,
    DateTimeOffset? PlaceAgreedAt,
    DateTimeOffset? OtherPlaceAgreedAt
)
{
    public static async Task<List<RegistrationView>> OfAsync(
        NotificationDb db,
        IReadOnlyList<RegistrationNotice> notices,
        CancellationToken cancellationToken
    )
    {
        var (ids, pairs) = (notices.Select(notice => notice.Id).ToList(), notices.Select(notice => notice.PairId));
        var others = await db
            .RegistrationNotices.AsNoTracking()
            .Where(notice => pairs.Contains(notice.PairId) && !ids.Contains(notice.Id))
            .ToDictionaryAsync(notice => notice.PairId, cancellationToken);
        return [.. notices.Select(notice => Of(notice, others.GetValueOrDefault(notice.PairId)))];
    }

    private static RegistrationView Of(RegistrationNotice notice, RegistrationNotice? other) =>
        new(
            notice.Id,
            notice.Reference,
            notice.IsRegistrant ? RegisteredBy.You : RegisteredBy.AnotherCouncil,
            notice.OtherIsNamed ? notice.OtherCouncilCode : null,
            notice.RegisteredAt,
            notice.NotifiedAt,
            notice.ChallengedAt,
            notice.ChallengeReason,
            other?.ChallengedAt,
            notice.PlaceAgreedAt,
            other?.PlaceAgreedAt
        );
}

/// <summary>Which of two councils registered the child when the other had it.</summary>
internal enum RegisteredBy
{
    You,
    AnotherCouncil,
}
