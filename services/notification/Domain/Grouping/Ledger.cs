using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Matches;

namespace Safeguarding.Notification.Domain.Grouping;

/// <summary>The attendances of the children a batch is about, and what the batch changes of them. Pure.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<PlanKey, List<Attended>> _byPlan = [];
    private readonly Dictionary<(Guid EncounterId, string CouncilCode), PlanAttended[]> _written = [];

    /// <param name="known">Every attendance that is stored of those children.</param>
    public Ledger(IEnumerable<PlanAttended> known)
    {
        foreach (var (plan, attended) in known)
            Add(plan, attended);
    }

    /// <summary>The attendances that replace those stored of each (encounter, council); none where it was taken
    /// back.</summary>
    public IReadOnlyDictionary<(Guid EncounterId, string CouncilCode), PlanAttended[]> Written => _written;

    /// <summary>Every attendance of the child or mother that these plans are about.</summary>
    public List<Attended> Get(string councilCode, IEnumerable<MatchedPlan> plans) =>
        [
            .. plans
                .SelectMany(plan => _byPlan.GetValueOrDefault(PlanKey.Of(councilCode, plan), []))
                .DistinctBy(attended => attended.EncounterId),
        ];

    /// <param name="match">The attendance, as it is matched now.</param>
    /// <param name="place">Where; null where the hub cannot read it.</param>
    /// <param name="alertId">The alert that it is in.</param>
    public void Put(EncounterMatched match, Place? place, Guid alertId)
    {
        Remove(match.CouncilCode, match.EncounterId);
        var attended = new Attended(
            match.EncounterId,
            (match.StartedAt ?? match.ReceivedAt).AsStored(),
            place?.SiteOds ?? place?.OrganisationOds,
            match.Status is EncounterStatus.LeftBeforeSeen,
            alertId
        );
        var plans = match.Plans.Select(plan => PlanKey.Of(match.CouncilCode, plan)).Distinct().ToList();
        foreach (var plan in plans)
            Add(plan, attended);
        _written[(match.EncounterId, match.CouncilCode)] = [.. plans.Select(plan => new PlanAttended(plan, attended))];
    }

    public void Remove(string councilCode, Guid encounterId)
    {
        foreach (var (key, list) in _byPlan)
        {
            if (key.CouncilCode == councilCode)
                list.RemoveAll(attended => attended.EncounterId == encounterId);
        }
        _written[(encounterId, councilCode)] = [];
    }

    private void Add(PlanKey plan, Attended attended)
    {
        if (!_byPlan.TryGetValue(plan, out var list))
            _byPlan[plan] = list = [];
        list.Add(attended);
    }
}

/// <summary>A council's plan, with the role that the patient has in it.</summary>
internal readonly record struct PlanKey(string CouncilCode, Guid PlanId, MatchRole Role)
{
    public static PlanKey Of(string councilCode, MatchedPlan plan) => new(councilCode, plan.PlanId, plan.Role);
}

/// <summary>An attendance under one of the plans that it matched.</summary>
internal readonly record struct PlanAttended(PlanKey Plan, Attended Attended);

/// <summary>An attendance as rules see it: no name, no number, no status but one.</summary>
/// <param name="EncounterId">The encounter.</param>
/// <param name="At">When it began, or when the hub received it.</param>
/// <param name="Site">Site or, where none was named, trust; null where the hub cannot read it. Only ever
/// compared.</param>
/// <param name="LeftBeforeSeen">The child left before being seen.</param>
/// <param name="AlertId">The alert that it is in.</param>
internal sealed record Attended(Guid EncounterId, DateTimeOffset At, string? Site, bool LeftBeforeSeen, Guid AlertId);
