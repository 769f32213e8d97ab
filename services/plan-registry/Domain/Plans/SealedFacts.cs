using System.Globalization;
using System.Text.Json;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>Judged facts made ready for storage: no personal data in the open from here on.</summary>
internal sealed record SealedFacts
{
    public required PlanKind Kind { get; init; }
    public required DateOnly StartDate { get; init; }
    public DateOnly? EndDate { get; init; }
    public DateOnly? ExpectedDate { get; init; }

    /// <summary>Null where the council did not say: what was said before stays.</summary>
    public bool? Restricted { get; init; }

    public required Sealed<PersonTraits> Subject { get; init; }
    public byte[]? NhsNumberMac { get; init; }

    /// <summary>
    /// MAC of names and date of birth: tells several persons with one number apart. Not kept with the
    /// plan.
    /// </summary>
    public byte[]? NameMac { get; init; }

    public required byte[] FactsMac { get; init; }
    public bool HasMother { get; init; }

    /// <summary>
    /// Whether the council said anything of a child's mother, even that nothing is known. If not, what is
    /// known of her stays.
    /// </summary>
    public bool SpeaksOfMother { get; init; }

    public static SealedFacts Of(PlanFacts facts, Sealer sealer)
    {
        var mother = facts.Subject.Mother is { } said && !IsBlank(said) ? said : null;
        return new SealedFacts
        {
            Kind = facts.Kind,
            StartDate = facts.StartDate,
            EndDate = facts.EndDate,
            ExpectedDate = facts.ExpectedDate,
            Restricted = facts.Restricted,
            Subject = sealer.Seal(facts.Subject with { Mother = mother }),
            NhsNumberMac = facts.Subject.Identifier.NhsNumber is { } number
                ? sealer.Mac(Purpose.NhsNumber, number.Reveal())
                : null,
            NameMac = sealer.Mac(Purpose.Name, Name(facts.Subject)),
            FactsMac = sealer.Mac(Purpose.Facts, Text(facts)),
            HasMother = mother is not null,
            SpeaksOfMother = facts.Subject.Mother is not null,
        };
    }

    // Under the current look-up key only: after a rotation the next full register amends every plan once, which renews
    // its MACs.
    private static string Text(PlanFacts facts) =>
        JsonSerializer.Serialize(facts with { EndDate = null }, HubJson.Options);

    private static string Name(PersonTraits person) =>
        string.Join(
            '|',
            person
                .Names.Select(name => name.Family + ' ' + string.Join(' ', name.Given))
                .Append($"{person.BirthDate:O}")
        );

    /// <summary>By which a look-up by traits finds it; null where the birth date is unknown.</summary>
    public static byte[]? BirthDateMac(PersonTraits subject, Sealer sealer) =>
        subject.BirthDate is { } born ? sealer.Mac(Purpose.BirthDate, BirthDateText(born)) : null;

    public static string BirthDateText(DateOnly born) => born.ToString("O", CultureInfo.InvariantCulture);

    internal static bool IsBlank(PersonTraits person) =>
        person.Identifier is PersonIdentifier.Unknown
        && person.Names.Count == 0
        && person.BirthDate is null
        && person.Postcodes.Count == 0;

    internal static class Purpose
    {
        public const string NhsNumber = "nhs-number";
        public const string Name = "plan-name";
        public const string Facts = "plan-facts";
        public const string BirthDate = "birth-date";
    }
}
