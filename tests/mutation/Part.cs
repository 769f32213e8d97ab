namespace Safeguarding.Mutation;

/// <summary>What is mutated, and the tests that should notice.</summary>
/// <param name="Name">As the command line says it.</param>
/// <param name="Project">The project, relative to the checkout, without its extension.</param>
/// <param name="Tests">The folder of tests.</param>
/// <param name="StrykerFilter">Tests that Stryker runs while it makes the mutants: a few that need no servers.</param>
/// <param name="Folders">The project's folders that are mutated, or all of it.</param>
/// <param name="LeftOut">Folders that are not, since other tests hold them.</param>
/// <param name="Quick">Classes of quick tests: what they kill need not meet the others.</param>
/// <param name="ProcessorSeconds">Several times what all tests take.</param>
/// <param name="Target">The share of mutants that is to be detected.</param>
internal sealed record Part(
    string Name,
    string Project,
    string Tests,
    string StrykerFilter,
    string[] Folders,
    string[] LeftOut,
    string[] Quick,
    int ProcessorSeconds,
    double Target
)
{
    public static readonly Part[] All =
    [
        // Rules/Lookup is the index in memory, which tests/matching holds to the database.
        new(
            "rules",
            "services/matching/Rules/Safeguarding.Matching.Rules",
            "tests/matching-rules",
            "FullyQualifiedName~Ages",
            [""],
            ["Lookup/"],
            ["*_on_record", "*.Edges_of_figures"],
            ProcessorSeconds: 40,
            Target: 0.9
        ),
        // Crash points are for the fault tests of tests/hub.
        new(
            "messaging",
            "infra/messaging/Safeguarding.Messaging",
            "tests/messaging",
            "FullyQualifiedName~Work_that_recurs",
            ["Inbox/", "Outbox/", "Storage/"],
            [],
            ["*.Batches_of_events", "*.Waiting_and_taking_turns", "*.Work_that_recurs", "*.What_is_stored"],
            ProcessorSeconds: 90,
            Target: 0.85
        ),
        new(
            "notification",
            "services/notification/Safeguarding.Notification",
            "tests/notification",
            "FullyQualifiedName~Alert_rules",
            ["Domain/"],
            [],
            ["*_on_record", "*.Alert_rules", "*.Office_hours", "*.Escalation_document", "*.Addresses", "*.Schedule"],
            ProcessorSeconds: 240,
            Target: 0.85
        ),
    ];

    public string Assembly => Path.GetFileName(Project) + ".dll";

    public string Folder => Path.GetDirectoryName(Project)!;

    public bool Mutates(string file) =>
        Folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal))
        && !LeftOut.Any(folder => file.StartsWith(folder, StringComparison.Ordinal));
}
