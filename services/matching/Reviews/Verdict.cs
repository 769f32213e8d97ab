using Npgsql;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>What a person decided of an encounter and a plan.</summary>
internal sealed record Verdict(Guid EncounterId, Guid PlanId, string CouncilCode, ReviewVerdict Decided, MatchRole Role)
{
    internal static void Select(NpgsqlBatch batch, Guid[] encounters) => batch.Add(
        "SELECT encounter_id, plan_id, council_code, verdict, role FROM matching.verdict WHERE encounter_id = ANY($1)", encounters);

    internal static Verdict Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), Enum.Parse<ReviewVerdict>(row.GetString(3)), Enum.Parse<MatchRole>(row.GetString(4)));
}

/// <summary>What a reviewer can decide.</summary>
internal enum ReviewVerdict
{
    /// <summary>The patient is this plan's child (or the mother of its unborn child).</summary>
    SameChild,

    /// <summary>The patient is somebody else.</summary>
    NotThisChild,

    /// <summary>What is there does not suffice to say.</summary>
    CannotTell
}
