using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The values of one line by column name, and the plan document they spell.</summary>
internal sealed class LineValues(IReadOnlyList<string?> values)
{
    private const StringSplitOptions Cleanly = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    public string? this[string column]
    {
        get
        {
            var value = values[UploadColumn.Named(column).Index];
            return IsName(column) ? TypedText.Cell(value) : TypedText.Value(value);
        }
    }

    public static bool IsName(string column) =>
        column.EndsWith("_name", StringComparison.Ordinal) || column.EndsWith("_names", StringComparison.Ordinal);

    public static PlanField FieldOf(UploadColumn column) => new(column.Name, column.Name);

    public PlanDocument ToPlan() =>
        new()
        {
            Kind = this["kind"],
            StartDate = this["start_date"],
            EndDate = this["end_date"],
            ExpectedDate = this["expected_date"],
            Restricted = this["restricted"],
            Subject = new PersonDocument
            {
                Identifier = new IdentifierDocument(this["identifier_state"], this["nhs_number"]),
                Names = [Usual(""), .. Others("former_names", "former"), .. Others("other_names", "other")],
                BirthDate = this["birth_date"],
                Sex = this["sex"],
                Postcodes =
                [
                    new PostcodeDocument(this["postcode"], false),
                    .. List("former_postcodes").Select(code => new PostcodeDocument(code, true)),
                ],
                Phones = List("phones"),
            },
            Mother = UploadColumn.All.Any(column =>
                column.Name.StartsWith("mother_", StringComparison.Ordinal) && this[column.Name] is not null
            )
                ? Mother()
                : null,
        };

    private PersonDocument Mother() =>
        new()
        {
            Identifier =
                this["mother_identifier_state"] is null && this["mother_nhs_number"] is null
                    ? null
                    : new IdentifierDocument(this["mother_identifier_state"], this["mother_nhs_number"]),
            Names = [Usual("mother_"), .. Others("mother_former_names", "former")],
            BirthDate = this["mother_birth_date"],
            Postcodes = [new PostcodeDocument(this["mother_postcode"], false)],
        };

    private NameDocument Usual(string prefix) =>
        new("usual", this[prefix + "family_name"], Given(this[prefix + "given_names"]));

    private IEnumerable<NameDocument> Others(string column, string use)
    {
        foreach (var name in List(column))
        {
            var comma = name.IndexOf(',');
            yield return comma < 0
                ? new NameDocument(use, name, [])
                : new NameDocument(use, name[..comma], Given(name[(comma + 1)..]));
        }
    }

    private static string[] Given(string? names) => names?.Split(' ', Cleanly) ?? [];

    private string[] List(string column) => this[column]?.Split(';', Cleanly) ?? [];
}
