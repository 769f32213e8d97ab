using System.Globalization;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>
/// A plan as a council would write it, in JSON or as a line of a file; valid until a test changes
/// something.
/// </summary>
public sealed record APlan
{
    public string Reference { get; init; } = "CP-1";
    public string? Action { get; init; }
    public string Kind { get; init; } = "child-protection";
    public string StartDate { get; init; } = "2026-03-01";
    public string? EndDate { get; init; }
    public string? ExpectedDate { get; init; }
    public object? Restricted { get; init; }
    public string? NhsNumber { get; init; } = Synthetic.NhsNumber(1).Reveal();
    public string? IdentifierState { get; init; }
    public string? FamilyName { get; init; } = "Dorfield";
    public string? GivenNames { get; init; } = "Robyn May";
    public string? BirthDate { get; init; } = "2018-05-04";
    public string? Sex { get; init; } = "female";
    public string? Postcode { get; init; } = "ZZ1 1AA";

    /// <summary>In JSON only.</summary>
    public string? Phone { get; init; }

    public const string Header =
        "reference,action,kind,start_date,end_date,expected_date,nhs_number,identifier_state,family_name,given_names,birth_date,sex,postcode";

    public static APlan Number(int n) =>
        new()
        {
            Reference = string.Create(CultureInfo.InvariantCulture, $"CP-{n}"),
            NhsNumber = Synthetic.NhsNumber(n).Reveal(),
            BirthDate = new DateOnly(2014, 1, 1).AddDays(n % 3000).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };

    public string Line =>
        string.Join(
            ',',
            Reference,
            Action,
            Kind,
            StartDate,
            EndDate,
            ExpectedDate,
            NhsNumber,
            IdentifierState,
            FamilyName,
            GivenNames,
            BirthDate,
            Sex,
            Postcode
        );

    public static string File(params IEnumerable<APlan> plans) =>
        string.Join('\n', plans.Select(plan => plan.Line).Prepend(Header)) + "\n";

    public object Body =>
        new
        {
            kind = Kind,
            startDate = StartDate,
            endDate = EndDate,
            expectedDate = ExpectedDate,
            restricted = Restricted,
            subject = new
            {
                identifier = new
                {
                    state = IdentifierState ?? (NhsNumber is null ? "unknown" : "known"),
                    nhsNumber = NhsNumber,
                },
                names = new[]
                {
                    new
                    {
                        use = "usual",
                        family = FamilyName,
                        given = GivenNames?.Split(' '),
                    },
                },
                birthDate = BirthDate,
                sex = Sex,
                postcodes = Postcode is null ? null : new[] { new { postcode = Postcode, former = false } },
                phones = Phone is null ? null : new[] { Phone },
            },
        };
}
