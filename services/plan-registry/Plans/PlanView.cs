using System.Globalization;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>
/// A plan as its council sees it; kind to mother as in the body of a PUT. Warnings are those of a PUT: what was taken
/// and should be looked at.
/// </summary>
internal sealed record PlanView(
    string Reference,
    Guid PlanId,
    long Version,
    string Status,
    string KindCode,
    DateTimeOffset RegisteredAt,
    DateTimeOffset ChangedAt,
    string Kind,
    DateOnly StartDate,
    DateOnly? EndDate,
    DateOnly? ExpectedDate,
    bool Restricted,
    PersonDocument Subject,
    PersonDocument? Mother,
    DateTimeOffset? NumberSupersededAt,
    IReadOnlyList<PlanWarning>? Warnings = null
)
{
    public static PlanView Of(Plan plan, Sealer sealer)
    {
        var subject = sealer.Open(plan.SealedSubject);
        return new PlanView(
            plan.Reference,
            plan.Id,
            plan.Version,
            plan.EndDate is null ? "running" : "ended",
            plan.Kind.ToSnomed(),
            plan.RegisteredAt,
            plan.ChangedAt,
            Word(plan.Kind),
            plan.StartDate,
            plan.EndDate,
            plan.ExpectedDate,
            plan.Restricted,
            Of(subject),
            subject.Mother is { } mother ? Of(mother) : null,
            plan.NumberSupersededAt
        );
    }

    internal static string Word(PlanKind kind) =>
        kind switch
        {
            PlanKind.ChildProtection => "child-protection",
            PlanKind.LookedAfter => "looked-after",
            _ => "unborn",
        };

    private static PersonDocument Of(PersonTraits person) =>
        new()
        {
            Identifier = person.Identifier switch
            {
                PersonIdentifier.Known known => new IdentifierDocument("known", known.Number.Reveal()),
                PersonIdentifier.Withheld => new IdentifierDocument("withheld", null),
                _ => new IdentifierDocument("unknown", null),
            },
            Names =
            [
                .. person.Names.Select(name => new NameDocument(
                    name.Use.ToString().ToLowerInvariant(),
                    name.Family,
                    name.Given
                )),
            ],
            BirthDate = person.BirthDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Sex = person.Sex?.ToString().ToLowerInvariant(),
            Postcodes =
            [
                .. person.Postcodes.Select(postcode => new PostcodeDocument(postcode.Postcode, postcode.Former)),
            ],
            Phones = person.Phones,
        };
}

/// <summary>What was taken of a plan and should be looked at.</summary>
/// <param name="Code">As in the report of an upload, such as <c>reference-reads-as-name</c>.</param>
/// <param name="Words">In plain words, without the value.</param>
internal sealed record PlanWarning(string Code, string Words);
