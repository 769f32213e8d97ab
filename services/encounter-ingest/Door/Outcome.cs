using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Door;

/// <summary>OperationOutcomes, made from codes and paths: what was submitted never comes back in one.</summary>
internal static class Outcome
{
    public static OperationOutcome Of(IReadOnlyList<Issue> issues)
    {
        var outcome = new OperationOutcome();
        // Errors first: a sender reads the first line.
        foreach (var issue in issues.OrderByDescending(issue => issue.IsError))
            outcome.Issue.Add(One(issue.Kind, issue.Path, issue.IsError ? OperationOutcome.IssueSeverity.Error : Mild(issue.Kind)));
        if (outcome.Issue.Count == 0)
            outcome.Issue.Add(One(IssueKind.Fine, null, OperationOutcome.IssueSeverity.Information));
        return outcome;
    }

    public static OperationOutcome Of(IssueKind kind, string? path = null) => Of([new Issue(kind, path, IsError: true)]);

    /// <summary>What the answer's status is: that of the first error.</summary>
    public static int Status(IReadOnlyList<Issue> issues) => issues.FirstOrDefault(issue => issue.IsError)?.Kind.Status ?? StatusCodes.Status200OK;

    private static OperationOutcome.IssueSeverity Mild(IssueKind kind) =>
        kind.Type == OperationOutcome.IssueType.Informational ? OperationOutcome.IssueSeverity.Information : OperationOutcome.IssueSeverity.Warning;

    private static OperationOutcome.IssueComponent One(IssueKind kind, string? path, OperationOutcome.IssueSeverity severity)
    {
        var issue = new OperationOutcome.IssueComponent
        {
            Severity = severity,
            Code = kind.Type,
            Details = new CodeableConcept(IssueKind.System, kind.Code, kind.Text),
        };
        if (!string.IsNullOrEmpty(path))
            issue.Expression = [path];
        return issue;
    }
}
