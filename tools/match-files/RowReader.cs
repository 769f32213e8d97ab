using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Names;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.MatchFiles;

/// <summary>Makes persons of the rows of a table.</summary>
internal sealed class RowReader
{
    private readonly Table _table;
    private readonly int _id;
    private readonly ILookup<Field, int> _columns;
    private readonly List<(int Column, string Trait)> _further;
    private readonly DateReader _dates;
    private readonly bool _identifiers;

    /// <param name="table">The rows.</param>
    /// <param name="map">Which column is which trait.</param>
    /// <param name="identifiers">False to leave the national number out.</param>
    /// <param name="known">The other file's traits: its second address column is compared with this file's second,
    /// whatever they are called.</param>
    public RowReader(Table table, ColumnMap map, bool identifiers, IReadOnlyList<string> known)
    {
        _table = table;
        _identifiers = identifiers;
        _id = table.Headings.ToList().IndexOf(map.Id);
        var mapped = map
            .Columns.Select(column => (column.Field, Index: table.Headings.ToList().IndexOf(column.Heading)))
            .ToList();
        _columns = mapped.ToLookup(column => column.Field, column => column.Index);
        _further =
        [
            .. mapped
                .Where(column => KindOf(column.Field) is not null)
                .GroupBy(column => KindOf(column.Field)!)
                .SelectMany(kind =>
                    kind.Select(
                        (column, place) => (column.Index, NameOf(kind.Key, table.Headings[column.Index], place, known))
                    )
                ),
        ];
        var dates = _columns[Field.BirthDate].FirstOrDefault(-1);
        _dates = new DateReader(dates < 0 ? [] : table.Rows.Select(row => row[dates]));
    }

    /// <summary>The traits that the rules do not know by themselves, as <c>kind.column</c>.</summary>
    public IEnumerable<string> FurtherTraits => _further.Select(column => column.Trait);

    public string IdOf(string[] row) => row[_id];

    public Person Read(string[] row)
    {
        var (number, isChecked) = NumberOf(row);
        return new()
        {
            Number = number,
            NumberIsChecked = isChecked,
            Names = NamesOf(row),
            BirthDate = BirthDateOf(row),
            Sex = SexOf(First(row, Field.Sex)),
            Postcodes =
            [
                .. Texts(row, Field.Postcode).Select(text => Postcode.From(text)).OfType<Postcode>().Distinct(),
            ],
            Phones = [.. Texts(row, Field.Phone).Select(Phone.From).OfType<string>().Distinct()],
            Further =
            [
                .. _further
                    .Select(column => FurtherTrait.From(column.Trait, row[column.Column]))
                    .OfType<FurtherTrait>(),
            ],
        };
    }

    /// <summary>Columns with values that cannot be read, how many, and the line of the first.</summary>
    public IEnumerable<(string Heading, int Count, int Line)> Unreadable()
    {
        foreach (var column in _columns[Field.BirthDate].Take(1))
        {
            var bad = Enumerable
                .Range(0, _table.Rows.Count)
                .Where(row => _table.Rows[row][column] is { Length: > 0 } text && _dates.Read(text) is null)
                .ToList();
            if (bad.Count > 0)
                yield return (_table.Headings[column], bad.Count, _table.Lines[bad[0]]);
        }
    }

    public List<Person> ReadAll() => [.. _table.Rows.AsParallel().AsOrdered().Select(Read)];

    private static string NameOf(string kind, string heading, int place, IReadOnlyList<string> known)
    {
        var name = $"{kind}.{heading}";
        var there = known.Where(trait => trait.StartsWith($"{kind}.", StringComparison.Ordinal)).ToList();
        return there.Contains(name) || place >= there.Count ? name : there[place];
    }

    private static string? KindOf(Field field) =>
        field switch
        {
            Field.Email => "email",
            Field.Address => "address",
            Field.Place => "place",
            Field.Text => "text",
            _ => null,
        };

    private IEnumerable<string> Texts(string[] row, Field field) =>
        _columns[field].Select(column => row[column]).Where(text => text.Length > 0);

    private string First(string[] row, Field field) => Texts(row, field).FirstOrDefault("");

    private (string? Number, bool Checked) NumberOf(string[] row)
    {
        if (!_identifiers || First(row, Field.Identifier) is not { Length: > 0 } text)
            return (null, false);
        if (NhsNumber.TryParse(text, out var valid))
            return (valid.Reveal(), true);
        var plain = FurtherTrait.From("identifier", text)?.Text;
        // All zeros, all nines and the like are what systems write for "none".
        return plain is null || plain.AsSpan().IndexOfAnyExcept(plain[0]) < 0 ? (null, false) : (plain, false);
    }

    private IReadOnlyList<KnownName> NamesOf(string[] row)
    {
        var family = string.Join(' ', Texts(row, Field.Family));
        var given = Texts(row, Field.Given).ToList();
        if (family.Length == 0 && given.Count == 0 && First(row, Field.FullName) is { Length: > 0 } full)
        {
            var comma = full.IndexOf(',', StringComparison.Ordinal);
            var words = full.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            family = comma > 0 ? full[..comma] : words[^1];
            given = comma > 0 ? [full[(comma + 1)..]] : [.. words[..^1]];
        }

        var name = KnownName.From(new PersonName(NameUse.Usual, family, given));
        return name.IsEmpty ? [] : [name];
    }

    private BirthDate? BirthDateOf(string[] row)
    {
        if (First(row, Field.BirthDate) is { Length: > 0 } text)
            return _dates.Read(text);
        return First(row, Field.BirthYear) is { Length: > 0 } year
            ? DateReader.From(year, First(row, Field.BirthMonth), First(row, Field.BirthDay))
            : null;
    }

    private static Sex? SexOf(string text) =>
        text.ToUpperInvariant() switch
        {
            "M" or "MALE" or "1" or "BOY" or "MAN" => Sex.Male,
            "F" or "FEMALE" or "2" or "GIRL" or "WOMAN" => Sex.Female,
            _ => null,
        };
}
