using System.Globalization;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>One finding, made of a stable code and a path. It never holds anything that was submitted.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Path">Where, as FHIRPath.</param>
/// <param name="IsError">Whether it is why the document is refused.</param>
/// <param name="Detail">What the code cannot say for all: a line and column, a limit, the methods that are
/// allowed.</param>
/// <param name="Position">Where in the text that was sent, where that is said.</param>
internal sealed record Issue(
    IssueKind Kind,
    string? Path,
    bool IsError,
    string? Detail = null,
    TextPosition? Position = null
);

/// <summary>What was found while a document was read: why it is refused, or what was passed over.</summary>
internal sealed class Issues
{
    private readonly List<Issue> _issues = [];

    public IReadOnlyList<Issue> All => _issues;

    public bool Refused { get; private set; }

    public void Refuse(IssueKind kind, FhirElement? at = null)
    {
        Refused = true;
        if (!IsFull)
            Refuse(kind, at?.Path);
    }

    public void Refuse(IssueKind kind, string? path, string? detail = null, TextPosition? position = null)
    {
        Refused = true;
        Add(new Issue(kind, Shortened(path), IsError: true, detail, position));
    }

    public void Warn(IssueKind kind, FhirElement at)
    {
        if (_issues.Count < Limits.Issues)
            Add(new Issue(kind, Shortened(at.Path), IsError: false));
    }

    public void Warn(IssueKind kind, string path, string? detail = null) =>
        Add(new Issue(kind, Shortened(path), IsError: false, detail));

    public void AddAll(Issues others)
    {
        Refused |= others.Refused;
        foreach (var issue in others._issues)
            Add(issue);
    }

    // A path costs more than a finding: none is made for one that would not be kept.
    private bool IsFull => _issues.Count == Limits.Issues && _issues.TrueForAll(issue => issue.IsError);

    private void Add(Issue issue)
    {
        if (_issues.Count < Limits.Issues)
            _issues.Add(issue);
        else if (issue.IsError && _issues.FindLastIndex(i => !i.IsError) is >= 0 and var warning)
            _issues[warning] = issue;
    }

    private static string? Shortened(string? path) => path is { Length: > 300 } ? path[..300] : path;
}

/// <summary>A request that must not be read any further.</summary>
internal sealed class RefusedException(IssueKind kind, string? path = null, string? detail = null)
    : Exception(kind.Code)
{
    public static RefusedException At(IssueKind kind, long line, long column, string? path = null) =>
        new(kind, path, string.Create(CultureInfo.InvariantCulture, $"Line {line}, column {column}."))
        {
            Position = new TextPosition(line, column),
        };

    public IssueKind Kind { get; } = kind;

    public string? Path { get; } = path;

    public string? Detail { get; } = detail;

    public TextPosition? Position { get; private init; }
}
