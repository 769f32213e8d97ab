using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// A value that cannot be used says nothing, so it must not take away what the register has: a postcode of <c>N/A</c>
/// leaves the postcode that was sent before. Only where the rest of the line is about the person that the plan is
/// about; of somebody else nothing is kept.
/// </summary>
internal static class KeepStored
{
    /// <summary>What a line says of its plan, with what is stored in place of what could not be used.</summary>
    /// <param name="line">A line that registers.</param>
    /// <param name="plan">The plan that is there, or null.</param>
    /// <param name="sealer">Opens and seals who it is about.</param>
    public static SealedFacts Facts(StagedLine line, Plan? plan, Sealer sealer)
    {
        var facts = line.Facts();
        // The child of an unborn plan is another person than the mother.
        if (plan is null || line.Faults is null || plan.Kind == PlanKind.Unborn != (line.Kind == PlanKind.Unborn))
            return facts;
        var unusable = LineError.UnusableColumns(line.Faults);
        if (unusable.Count == 0)
            return facts;
        var stored = sealer.Open(plan.SealedSubject);
        var opened = sealer.Open(facts.Subject);
        // A blank mother is sealed as none, and still says that nothing is known of her.
        var said = opened with { Mother = opened.Mother ?? (facts.SpeaksOfMother ? Nobody : null) };
        var kept = Person(said, stored, "", unusable, plan.NumberSupersededAt is not null);
        if (stored.Mother is { } mother && unusable.Any(column => column.StartsWith(Mothers, StringComparison.Ordinal)))
            kept = kept with { Mother = said.Mother is { } hers ? Person(hers, mother, Mothers, unusable) : mother };
        return SealedFacts.Of(
            new PlanFacts(facts.Kind, facts.StartDate, facts.EndDate, facts.ExpectedDate, kept, facts.Restricted),
            sealer
        );
    }

    private const string Mothers = "mother_";
    private static readonly PersonTraits Nobody = new() { Identifier = new PersonIdentifier.Unknown() };

    private static PersonTraits Person(
        PersonTraits said,
        PersonTraits stored,
        string prefix,
        IReadOnlySet<string> unusable,
        bool numberMayChange = false
    )
    {
        bool IsUnusable(string column) => unusable.Contains(prefix + column);
        var kept = said with
        {
            Identifier =
                said.Identifier is PersonIdentifier.Unknown
                && (IsUnusable("nhs_number") || IsUnusable("identifier_state"))
                    ? stored.Identifier
                    : said.Identifier,
            Names = Names(said, stored, IsUnusable),
            BirthDate = IsUnusable("birth_date") ? stored.BirthDate : said.BirthDate,
            Sex = IsUnusable("sex") ? stored.Sex : said.Sex,
            Postcodes = Postcodes(said, stored, IsUnusable),
            Phones = IsUnusable("phones") ? [.. said.Phones.Union(stored.Phones)] : said.Phones,
        };
        // Who has the number, or the name and the date of birth, that could be read.
        var isKnown =
            said.Identifier.NhsNumber is { } number && number == stored.Identifier.NhsNumber
            || (said.Names.Count > 0 && !IsUnusable("family_name") && !IsUnusable("birth_date"));
        return
            isKnown
            && LineEffect.Changed(stored, kept, numberMayChange || said.Identifier is not PersonIdentifier.Known)
                is null
            ? kept
            : said;
    }

    private static IReadOnlyList<PersonName> Names(PersonTraits said, PersonTraits stored, Predicate<string> isUnusable)
    {
        // Too many names cost every one of them.
        if (said.Names.Count == 0 && isUnusable("other_names"))
            return stored.Names;
        var names = said.Names.Where(name => name.Use != NameUse.Usual).ToList();
        if (Usual(Usual(said), Usual(stored), isUnusable) is { } usual)
            names.Insert(0, usual);
        foreach (var (use, column) in new[] { (NameUse.Former, "former_names"), (NameUse.Other, "other_names") })
        {
            var kept = stored.Names.Where(old => isUnusable(column) && old.Use == use);
            names.AddRange(kept.Where(old => !names.Exists(name => ValidateNames.Same(name, old))).ToList());
        }

        return [.. names.OrderBy(name => name.Use)];
    }

    private static PersonName? Usual(PersonName? said, PersonName? stored, Predicate<string> isUnusable)
    {
        var (family, given) = (isUnusable("family_name"), isUnusable("given_names"));
        if (said is null)
            return family || given ? stored : null;
        if (stored is null || !(family || given))
            return said;
        if (NamePlaceholders.IsPlaceholder(said))
            return stored;
        return said with
        {
            Family = family ? stored.Family ?? said.Family : said.Family,
            Given = given && stored.Given.Count > 0 ? stored.Given : said.Given,
        };
    }

    private static PersonName? Usual(PersonTraits person) =>
        person.Names.FirstOrDefault(name => name.Use == NameUse.Usual);

    private static List<PersonPostcode> Postcodes(
        PersonTraits said,
        PersonTraits stored,
        Predicate<string> isUnusable
    ) =>
        [
            .. said
                .Postcodes.Union(
                    stored.Postcodes.Where(postcode => isUnusable(postcode.Former ? "former_postcodes" : "postcode"))
                )
                .OrderBy(postcode => postcode.Former),
        ];
}
