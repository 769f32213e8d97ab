using Npgsql;
using Safeguarding.Contracts.Matches;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Reviews;

/// <summary>What a person decided of an encounter and a plan.</summary>
/// <param name="EncounterId">The encounter.</param>
/// <param name="PlanId">The plan.</param>
/// <param name="CouncilCode">Whose plan it is.</param>
/// <param name="Decided">What was decided.</param>
/// <param name="Role">What the patient is to the plan, where it is the same child.</param>
/// <param name="Patient">MAC of how the patient was written down, or null where that was too little to know the patient
/// again.</param>
internal sealed record Verdict(
    Guid EncounterId,
    Guid PlanId,
    string CouncilCode,
    ReviewVerdict Decided,
    MatchRole Role,
    long? Patient
)
{
    internal static void Select(NpgsqlBatch batch, Guid[] encounters) =>
        batch.Add(
            "SELECT encounter_id, plan_id, council_code, verdict, role, patient FROM matching.verdict WHERE "
                + "encounter_id = ANY($1)",
            encounters
        );

    /// <summary>
    /// What was decided of the same patients at other encounters, the newest first, and still holds: the
    /// plan's facts are as they were.
    /// </summary>
    internal static void SelectRemembered(NpgsqlBatch batch, long[] patients) =>
        batch.Add(
            """
            SELECT encounter_id, plan_id, verdict.council_code, verdict, role, patient FROM matching.verdict
                JOIN matching.plan USING (plan_id)
            WHERE patient = ANY($1) AND verdict IN ('SameChild', 'NotThisChild') AND known_since < decided_at
                ORDER BY decided_at DESC
            """,
            patients
        );

    internal static Verdict Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetGuid(1),
            row.GetString(2),
            Enum.Parse<ReviewVerdict>(row.GetString(3)),
            Enum.Parse<MatchRole>(row.GetString(4)),
            row.Nullable<long>(5)
        );
}

/// <summary>What a reviewer can decide.</summary>
internal enum ReviewVerdict
{
    /// <summary>The patient is this plan's child (or the mother of its unborn child).</summary>
    SameChild,

    /// <summary>The patient is somebody else.</summary>
    NotThisChild,

    /// <summary>What is there does not suffice to say.</summary>
    CannotTell,

    /// <summary>A decision was taken back; not to be decided, only recorded.</summary>
    Undone,
}
