using Safeguarding.Notification.Domain.Registrations;

namespace Safeguarding.Notification.Api.Registrations;

/// <summary>A child that another council has on its register too, as the caller's council reads it.</summary>
/// <param name="Id">Names it in calls about it.</param>
/// <param name="Plan">The council's own reference of its plan of the child.</param>
/// <param name="RegisteredBy">Whether you registered the child when another council had it, or another did when you
/// had it.</param>
/// <param name="OtherCouncil">GSS code of the other council; null where it is not shown, because it has restricted its
/// plan of the child.</param>
/// <param name="RegisteredAt">When the later of the two plans came to be about this child.</param>
/// <param name="ToldAt">When the hub told you.</param>
internal sealed record RegistrationView(
    Guid Id,
    string Plan,
    RegisteredBy RegisteredBy,
    string? OtherCouncil,
    DateTimeOffset RegisteredAt,
    DateTimeOffset ToldAt
)
{
    public static RegistrationView Of(RegistrationNotice notice) =>
        new(
            notice.Id,
            notice.Reference,
            notice.IsRegistrant ? RegisteredBy.You : RegisteredBy.AnotherCouncil,
            notice.OtherIsNamed ? notice.OtherCouncilCode : null,
            notice.RegisteredAt,
            notice.ToldAt
        );
}

/// <summary>Which of two councils registered the child when the other had it.</summary>
internal enum RegisteredBy
{
    You,
    AnotherCouncil,
}
