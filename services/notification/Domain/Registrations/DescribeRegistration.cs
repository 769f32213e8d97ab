using Safeguarding.Contracts.Plans;

namespace Safeguarding.Notification.Domain.Registrations;

/// <summary>What each of the two councils is notified of. Pure.</summary>
internal static class DescribeRegistration
{
    public static IEnumerable<RegistrationNotice> Describe(ChildRegisteredAgain pair, DateTimeOffset now)
    {
        if (pair.TellHolder is not OtherCouncilShown.Nothing)
            yield return For(pair, pair.Held, pair.Registered, pair.TellHolder, now);
        if (pair.TellRegistrant is not OtherCouncilShown.Nothing)
            yield return For(pair, pair.Registered, pair.Held, pair.TellRegistrant, now);
    }

    private static RegistrationNotice For(
        ChildRegisteredAgain pair,
        PlanOfPair own,
        PlanOfPair other,
        OtherCouncilShown shown,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            PairId = pair.PairId,
            CouncilCode = own.CouncilCode,
            PlanId = own.PlanId,
            Reference = own.Reference,
            IsRegistrant = own == pair.Registered,
            OtherCouncilCode = other.CouncilCode,
            OtherPlanId = other.PlanId,
            OtherReference = other.Reference,
            OtherIsNamed = shown is OtherCouncilShown.Named,
            RegisteredAt = pair.RegisteredAt.AsStored(),
            NotifiedAt = now,
        };
}
