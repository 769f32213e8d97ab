namespace Safeguarding.Cli;

/// <summary>The first words of the command line.</summary>
internal static class Verbs
{
    /// <summary>All verbs of <c>./hub</c>, those too that are bash.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "demo",
        "up",
        "down",
        "status",
        "prove",
        "logs",
        "token",
        "secret",
        "clients",
        "sessions",
        "audit",
        "review",
        "replay",
        "backup",
        "restore",
        "reconcile",
        "check-ids",
        "ods",
        "send-adt",
        "listen",
        "subject-access",
        "upgrade",
        "match-files",
        "runbook",
        "test",
        "mutate",
        "screenshots",
        "bench",
        "format",
        "init",
        "provision",
        "completion",
        "help",
    ];
}
