using Safeguarding.Contracts.Encounters;
using Safeguarding.Operations.Accounts;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>
/// What this service reports to <c>./hub prove</c>: every encounter it has accepted, in its newest
/// version.
/// </summary>
internal static class EncounterAccounts
{
    public static AccountSet Set { get; } =
        new(
            "encounters",
            """
            SELECT id, '' AS council, version, true AS stands, 'accepted' AS state
            FROM encounter_ingest.encounter WHERE id >= @low AND id < @high
            """,
            "encounterId",
            typeof(EncounterReceived)
        );
}
