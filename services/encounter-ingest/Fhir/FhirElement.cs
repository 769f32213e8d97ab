using System.Globalization;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// One element of a FHIR document. JSON and XML are both read into this tree, so that every rule is written once
/// and cannot tell which of the two was sent.
/// </summary>
internal sealed class FhirElement(string name, FhirElement? parent)
{
    private List<FhirElement>? _children;

    public string Name { get; } = name;

    public FhirElement? Parent { get; } = parent;

    /// <summary>The primitive value as text, or null for a complex element or an empty one.</summary>
    public string? Value { get; set; }

    public ElementShape Shape { get; set; } = ElementShape.Complex;

    /// <summary>Where it begins in what was sent.</summary>
    public TextPosition Position { get; set; }

    /// <summary>
    /// Set on elements that stand for a resource: the root, contained ones, those of a Bundle's
    /// entries.
    /// </summary>
    public string? ResourceType { get; set; }

    /// <summary>Whether it was, or by R4's definition would be, an item of a JSON array.</summary>
    public bool InList { get; set; }

    public IReadOnlyList<FhirElement> Children => _children ?? (IReadOnlyList<FhirElement>)[];

    public FhirElement Add(string childName)
    {
        var child = new FhirElement(childName, this);
        (_children ??= new List<FhirElement>(4)).Add(child);
        return child;
    }

    /// <summary>The first child of that name that is not empty.</summary>
    public FhirElement? Child(string childName)
    {
        if (_children is null)
            return null;
        foreach (var child in _children)
        {
            if (child.Name == childName && !child.IsEmpty)
                return child;
        }
        return null;
    }

    public IEnumerable<FhirElement> All(string childName)
    {
        if (_children is null)
            yield break;
        foreach (var child in _children)
        {
            if (child.Name == childName && !child.IsEmpty)
                yield return child;
        }
    }

    /// <summary>The text of a primitive child; null where absent or empty.</summary>
    public string? Text(string childName) => Child(childName)?.Value;

    public FhirElement? Extension(string url)
    {
        foreach (var extension in All("extension"))
        {
            if (extension.Text("url") == url)
                return extension;
        }
        return null;
    }

    /// <summary>
    /// Real senders write <c>""</c>, <c>null</c>, <c>[]</c> and <c>{}</c> for "nothing", and blanks where a field of
    /// theirs is empty: so they are read. An identifier of blanks would make all of a trust's encounters one.
    /// </summary>
    public bool IsEmpty => string.IsNullOrWhiteSpace(Value) && _children is null && ResourceType is null;

    /// <summary>
    /// The FHIRPath of this element, built from names and positions only, never from what was sent as a
    /// value.
    /// </summary>
    public string Path
    {
        get
        {
            if (Parent is null)
                return ResourceType ?? Name;
            if (!InList)
                return $"{Parent.Path}.{PathName}";
            return string.Create(CultureInfo.InvariantCulture, $"{Parent.Path}.{PathName}[{IndexInList()}]");
        }
    }

    /// <summary>
    /// Where a path of this document leads in what was sent: the element itself, else the nearest around it that is
    /// there.
    /// </summary>
    /// <param name="path">As <see cref="Path"/> makes it.</param>
    public TextPosition Locate(string path)
    {
        var at = this;
        foreach (var step in path.Split('.').Skip(1))
        {
            var (name, index) =
                step.Split('[', ']') is [var of, var position, ..]
                && int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
                    ? (of, one)
                    : (step, 0);
            if (at.Children.Where(child => child.Name == name).ElementAtOrDefault(index) is not { } child)
                break;
            at = child;
        }

        return at.Position;
    }

    // A property's name is the sender's text too: one that cannot be an element of FHIR is not repeated in an answer.
    private string PathName => Name.Length <= 32 && Name.All(char.IsAsciiLetter) ? Name : "?";

    private int IndexInList()
    {
        var position = 0;
        foreach (var sibling in Parent!.Children)
        {
            if (ReferenceEquals(sibling, this))
                break;
            if (sibling.Name == Name)
                position++;
        }
        return position;
    }
}

/// <summary>A place in a text, both counted from one.</summary>
internal readonly record struct TextPosition(long Line, long Column);

internal enum ElementShape
{
    Complex,
    Text,
    Number,
    Boolean,
    Null,
}
