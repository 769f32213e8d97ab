using System.Globalization;

namespace Safeguarding.Hosting.SubjectAccess;

/// <summary>A thing that a service holds of a person, whether it may be shown or not.</summary>
/// <param name="act">What the audit calls the showing of it, such as <c>plan.subject-access</c>.</param>
/// <param name="about">What the audit says was shown.</param>
/// <param name="kind">As the answer names it.</param>
/// <param name="name">Tells it from others of its kind.</param>
public sealed class StoredRecord(string act, Guid about, string kind, string name)
{
    private readonly List<StoredItem> _items = [];

    /// <summary>What the audit calls the showing of it.</summary>
    public string Act => act;

    /// <summary>What the audit says was shown.</summary>
    public Guid About => about;

    /// <summary>As the answer names it.</summary>
    public string Kind => kind;

    /// <summary>What is stored of it.</summary>
    public IReadOnlyList<StoredItem> Items => _items;

    /// <summary>Adds an item; nothing where nothing is stored.</summary>
    /// <param name="item">What it is.</param>
    /// <param name="value">What is stored.</param>
    /// <param name="withheld">One of <see cref="Withheld"/>, or null where it may be shown.</param>
    public void Add(string item, string? value, string? withheld)
    {
        if (!string.IsNullOrEmpty(value))
            _items.Add(new($"{kind}/{name}/{item}", item, value, withheld));
    }

    /// <summary>Adds a day.</summary>
    /// <param name="item">What it is.</param>
    /// <param name="day">What is stored.</param>
    /// <param name="withheld">As of a text.</param>
    public void Add(string item, DateOnly? day, string? withheld) =>
        Add(item, day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), withheld);

    /// <summary>Adds a moment; of a restricted child the day.</summary>
    /// <param name="item">What it is.</param>
    /// <param name="at">What is stored.</param>
    /// <param name="withheld">As of a text.</param>
    /// <param name="dayOnly">Whether no time finer than the day may be shown.</param>
    public void Add(string item, DateTimeOffset? at, string? withheld, bool dayOnly = false)
    {
        if (at is not { } moment)
            return;
        if (dayOnly)
            Add(item, UkTime.Day(moment), withheld);
        else
            Add(item, Moment(moment), withheld);
    }

    /// <summary>Adds a yes or no.</summary>
    /// <param name="item">What it is.</param>
    /// <param name="isSo">What is stored.</param>
    /// <param name="withheld">As of a text.</param>
    public void Add(string item, bool isSo, string? withheld) => Add(item, isSo ? "yes" : "no", withheld);

    /// <summary>Adds several in one item.</summary>
    /// <param name="item">What it is.</param>
    /// <param name="values">What is stored.</param>
    /// <param name="withheld">As of a text.</param>
    public void Add(string item, IEnumerable<string?> values, string? withheld) =>
        Add(item, string.Join(", ", values.Where(value => !string.IsNullOrEmpty(value))), withheld);

    internal static string Moment(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>An item of a record.</summary>
/// <param name="Id">Names it in a release.</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">What is stored.</param>
/// <param name="Withheld">One of <see cref="SubjectAccess.Withheld"/>, or null where it may be shown.</param>
public sealed record StoredItem(string Id, string Name, string Value, string? Withheld);
