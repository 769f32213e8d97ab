using System.Globalization;
using System.Text;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Domain.Uploads;

/// <summary>
/// What a line does to a running plan that could cost the child its alert, with the words for its
/// report.
/// </summary>
internal sealed record LineEffect(LineEffect.Kinds Kind, ValidationError Why)
{
    internal enum Kinds
    {
        Identity,
        Ends,
        Deletes,
    }

    private static readonly LineEffect Ends = new(
        Kinds.Ends,
        new ValidationError(
            PlanField.EndDate,
            "waits-ends",
            "This line ends a running plan. It waits until you confirm the upload."
        )
    );
    private static readonly LineEffect Deletes = new(
        Kinds.Deletes,
        new ValidationError(
            PlanField.Action,
            "waits-deletes",
            "This line deletes a running plan. It waits until you confirm the upload."
        )
    );

    /// <param name="line">The line.</param>
    /// <param name="facts">What it says of the plan; null where it does not register one.</param>
    /// <param name="plan">The plan that is there, or null.</param>
    /// <param name="sealer">Opens who it is about.</param>
    /// <returns>Null where the line does nothing of the kind.</returns>
    public static LineEffect? Decide(StagedLine line, SealedFacts? facts, Plan? plan, Sealer sealer)
    {
        if (plan is null || plan.EndDate is not null)
            return null;
        if (line.Action == LineAction.Deletes)
            return Deletes;
        if (line.EndDate is not null && line.Action is LineAction.Ends or LineAction.Registers)
            return Ends;
        // The child of an unborn plan is another person than the mother, and the same case.
        if (
            line.Action != LineAction.Registers
            || facts!.FactsMac.AsSpan().SequenceEqual(plan.FactsMac)
            || (plan.Kind == PlanKind.Unborn && line.Kind != PlanKind.Unborn)
        )
        {
            return null;
        }
        // Opened, and not compared by MAC: those differ once after a rotation of the key.
        return
            Changed(sealer.Open(plan.SealedSubject), sealer.Open(facts.Subject), plan.NumberSupersededAt is not null)
                is { } field
            ? new LineEffect(
                Kinds.Identity,
                new ValidationError(
                    field,
                    "waits-identity",
                    "Your register has somebody else under this reference. The line waits until you confirm the upload."
                )
            )
            : null;
    }

    // What is lost is a change too: whoever was found by it is not found any more. What is new is none.
    public static PlanField? Changed(PersonTraits before, PersonTraits now, bool numberMayChange)
    {
        if (!numberMayChange && before.Identifier.NhsNumber is { } number && now.Identifier.NhsNumber != number)
            return PersonFields.Subject.NhsNumber;
        if (before.BirthDate is { } born && now.BirthDate != born)
            return PersonFields.Subject.BirthDate;
        return Differ(before, now, name => [Letters(name.Family)]) ? PersonFields.Subject.FamilyName
            : Differ(before, now, name => name.Given.Select(Letters)) ? PersonFields.Subject.GivenNames
            : null;
    }

    // A name that was usual and is now a former one, or the other way round, is still the person's.
    private static bool Differ(PersonTraits before, PersonTraits now, Func<PersonName, IEnumerable<string>> parts)
    {
        var known = before.Names.SelectMany(parts).Where(part => part.Length > 0).ToHashSet(StringComparer.Ordinal);
        return known.Count > 0 && !now.Names.SelectMany(parts).Any(known.Contains);
    }

    public static string Letters(string? name) =>
        name is null
            ? ""
            : string.Concat(
                    name.Normalize(NormalizationForm.FormD)
                        .Where(c =>
                            char.IsLetterOrDigit(c)
                            && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark
                        )
                )
                .ToUpperInvariant();
}
