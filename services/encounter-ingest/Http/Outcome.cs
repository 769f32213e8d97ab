using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Http;

/// <summary>OperationOutcomes, made from codes and paths: what was submitted never comes back in one.</summary>
internal static class Outcome
{
    // Of HL7's extension pack, as HL7's own validator uses them.
    private const string Line = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
    private const string Column = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";

    public static OperationOutcome Of(IReadOnlyList<Issue> issues)
    {
        var outcome = new OperationOutcome();
        // Errors first: a sender reads the first line.
        foreach (var issue in issues.OrderByDescending(issue => issue.IsError))
            outcome.Issue.Add(One(issue, issue.IsError ? OperationOutcome.IssueSeverity.Error : Mild(issue.Kind)));
        if (outcome.Issue.Count == 0)
        {
            outcome.Issue.Add(
                One(new Issue(IssueKind.Fine, null, IsError: false), OperationOutcome.IssueSeverity.Information)
            );
        }

        return outcome;
    }

    public static OperationOutcome Of(IssueKind kind, string? path = null, string? detail = null) =>
        Of([new Issue(kind, path, IsError: true, detail)]);

    /// <summary>What the answer's status is: that of the first error.</summary>
    public static int Status(IReadOnlyList<Issue> issues) =>
        issues.FirstOrDefault(issue => issue.IsError)?.Kind.Status ?? StatusCodes.Status200OK;

    private static OperationOutcome.IssueSeverity Mild(IssueKind kind) =>
        kind.Type == OperationOutcome.IssueType.Informational
            ? OperationOutcome.IssueSeverity.Information
            : OperationOutcome.IssueSeverity.Warning;

    private static OperationOutcome.IssueComponent One(Issue issue, OperationOutcome.IssueSeverity severity)
    {
        var component = new OperationOutcome.IssueComponent
        {
            Severity = severity,
            Code = issue.Kind.Type,
            Details = new CodeableConcept(IssueKind.System, issue.Kind.Code, issue.Kind.Text),
            Diagnostics = issue.Detail,
        };
        if (!string.IsNullOrEmpty(issue.Path))
            component.Expression = [issue.Path];
        if (issue.Position is { } position)
        {
            component.AddExtension(Line, new Integer((int)position.Line));
            component.AddExtension(Column, new Integer((int)position.Column));
        }

        return component;
    }
}
