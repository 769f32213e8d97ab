using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Traits;

namespace Safeguarding.MatchFiles;

/// <summary>Makes persons of the rows of a table.</summary>
internal sealed class RowReader
{
    private static readonly Field[] Dates =
    [
        Field.BirthDate,
        Field.MotherBirthDate,
        Field.ExpectedDate,
        Field.StartedAt,
    ];
    private static readonly Field[] Mothers =
    [
        Field.MotherNhsNumber,
        Field.MotherFamily,
        Field.MotherGiven,
        Field.MotherBirthDate,
        Field.MotherPostcode,
    ];

    private readonly Table _table;
    private readonly int _id;
    private readonly ILookup<Field, int> _columns;
    private readonly List<(int Column, string Trait)> _further;
    private readonly Dictionary<Field, DateReader> _dates;
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
        _dates = Dates.ToDictionary(
            field => field,
            field => new DateReader(_columns[field].Take(1).SelectMany(date => table.Rows.Select(row => row[date])))
        );
    }

    /// <summary>The traits that the rules do not know by themselves, as <c>kind.column</c>.</summary>
    public IEnumerable<string> FurtherTraits => _further.Select(column => column.Trait);

    public string IdOf(string[] row) => row[_id];

    public Person Read(string[] row)
    {
        var person = Person.From(TraitsOf(row), SettingOf(First(row, Field.CareSetting)) ?? CareSetting.Unknown) with
        {
            BirthDate = BirthDateOf(row),
            SeenOn = DateOf(Field.StartedAt, First(row, Field.StartedAt)),
            Further =
            [
                .. _further
                    .Select(column => FurtherTrait.From(column.Trait, row[column.Column]))
                    .OfType<FurtherTrait>(),
            ],
        };
        return person.Number is null && PlainNumberOf(row) is { } plain
            ? person with
            {
                Number = plain,
                NumberIsChecked = false,
            }
            : person;
    }

    /// <summary>The council of a row of the registry; empty where the file does not say.</summary>
    public string CouncilOf(int row) => First(_table.Rows[row], Field.Council);

    /// <summary>True where the file says of which council a row is.</summary>
    public bool HasCouncils => _columns[Field.Council].Any();

    /// <summary>Which register a row of the registry is on; null where the file does not say.</summary>
    public PlanKind? PlanKindOf(int row) => KindOfPlan(First(_table.Rows[row], Field.PlanKind));

    /// <summary>When a child of the person is expected; null where none is.</summary>
    public DateOnly? ExpectedDateOf(int row) => DateOf(Field.ExpectedDate, First(_table.Rows[row], Field.ExpectedDate));

    /// <summary>
    /// Columns with values that cannot be read, what they should be, how many, and the line of the
    /// first.
    /// </summary>
    public IEnumerable<(string Heading, string What, int Count, int Line)> Unreadable() =>
        from readable in (IEnumerable<(Field Field, string What, Func<string, bool> IsRead)>)
            [
                (Field.BirthDate, "date", text => _dates[Field.BirthDate].Read(text) is not null),
                (Field.MotherBirthDate, "date", text => DateOf(Field.MotherBirthDate, text) is not null),
                (Field.ExpectedDate, "date", text => DateOf(Field.ExpectedDate, text) is not null),
                (Field.StartedAt, "date", text => DateOf(Field.StartedAt, text) is not null),
                (Field.PlanKind, "kind of plan", text => KindOfPlan(text) is not null),
                (Field.NhsNumber, "NHS number", text => IsSomebodys(text)),
                (Field.MotherNhsNumber, "NHS number", text => IsSomebodys(text)),
                (Field.NhsNumberStatus, "NHS number status", text => NhsNumberStatusCode.Read(text) is not null),
                (Field.CareSetting, "care setting", text => SettingOf(text) is not null),
            ]
        from column in _columns[readable.Field].Take(1)
        let bad = Enumerable
            .Range(0, _table.Rows.Count)
            .Where(row => _table.Rows[row][column] is { Length: > 0 } text && !readable.IsRead(text))
            .ToList()
        where bad.Count > 0
        select (_table.Headings[column], readable.What, bad.Count, _table.Lines[bad[0]]);

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

    // Everything that the service knows of a person is read as it reads it.
    private PersonTraits TraitsOf(string[] row) =>
        new()
        {
            Identifier = IdentifierOf([.. Texts(row, Field.NhsNumber), .. Texts(row, Field.Identifier)]),
            NumberStatus = NhsNumberStatusCode.Read(First(row, Field.NhsNumberStatus)),
            Names =
            [
                UsualOf(row),
                .. NamesIn(row, Field.FormerNames, NameUse.Former),
                .. NamesIn(row, Field.OtherNames, NameUse.Other),
            ],
            Sex = SexOf(First(row, Field.Sex)),
            Postcodes =
            [
                .. Texts(row, Field.Postcode).Select(text => new PersonPostcode(text)),
                .. ListIn(row, Field.FormerPostcodes).Select(text => new PersonPostcode(text, Former: true)),
            ],
            Phones = [.. ListIn(row, Field.Phone)],
            Mother = MotherOf(row),
        };

    private PersonTraits? MotherOf(string[] row)
    {
        var mother = new PersonTraits
        {
            Identifier = IdentifierOf(Texts(row, Field.MotherNhsNumber)),
            Names = [new(NameUse.Usual, First(row, Field.MotherFamily), WordsOf(First(row, Field.MotherGiven)))],
            BirthDate = DateOf(Field.MotherBirthDate, First(row, Field.MotherBirthDate)),
            Postcodes = [.. Texts(row, Field.MotherPostcode).Select(text => new PersonPostcode(text))],
        };
        return Mothers.Any(field => Texts(row, field).Any()) ? mother : null;
    }

    private PersonIdentifier IdentifierOf(IEnumerable<string> texts) =>
        _identifiers && NhsNumber.TryParse(texts.FirstOrDefault(), out var number)
            ? new PersonIdentifier.Known(number)
            : new PersonIdentifier.Unknown();

    private static bool IsSomebodys(string text) => NhsNumber.TryParse(text, out var number) && !number.IsNobodys;

    private string? PlainNumberOf(string[] row)
    {
        if (
            !_identifiers
            || First(row, Field.Identifier) is not { Length: > 0 } text
            || NhsNumber.TryParse(text, out _)
        )
        {
            return null;
        }

        // All zeros, all nines and the like are what systems write for "none".
        return
            FurtherTrait.From("identifier", text)?.Text is { } plain && plain.AsSpan().IndexOfAnyExcept(plain[0]) >= 0
            ? plain
            : null;
    }

    private PersonName UsualOf(string[] row)
    {
        var family = string.Join(' ', Texts(row, Field.Family));
        var given = Texts(row, Field.Given).SelectMany(WordsOf).ToArray();
        if (family.Length == 0 && given.Length == 0 && First(row, Field.FullName) is { Length: > 0 } full)
        {
            var comma = full.IndexOf(',', StringComparison.Ordinal);
            var words = WordsOf(full);
            family = comma > 0 ? full[..comma] : words[^1];
            given = comma > 0 ? WordsOf(full[(comma + 1)..]) : words[..^1];
        }

        return new(NameUse.Usual, family, given);
    }

    // As the upload of plans has them: Family, Given Given; Family, Given.
    private IEnumerable<PersonName> NamesIn(string[] row, Field field, NameUse use)
    {
        foreach (var name in ListIn(row, field))
        {
            var comma = name.IndexOf(',', StringComparison.Ordinal);
            yield return comma < 0 ? new(use, name, []) : new(use, name[..comma], WordsOf(name[(comma + 1)..]));
        }
    }

    private IEnumerable<string> ListIn(string[] row, Field field) =>
        Texts(row, field)
            .SelectMany(text =>
                text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            );

    private static string[] WordsOf(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private DateOnly? DateOf(Field field, string text) =>
        _dates[field].Read(text) is { IsReal: true } date ? new DateOnly(date.Year, date.Month, date.Day) : null;

    private static CareSetting? SettingOf(string text) => NamedIn<CareSetting>(text);

    private static PlanKind? KindOfPlan(string text) =>
        PlanKindCodes.TryFromSnomed(text, out var kind) ? kind : NamedIn<PlanKind>(text);

    private static T? NamedIn<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value)
        && Enum.IsDefined(value)
            ? value
            : null;

    private BirthDate? BirthDateOf(string[] row)
    {
        if (First(row, Field.BirthDate) is { Length: > 0 } text)
            return _dates[Field.BirthDate].Read(text);
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
