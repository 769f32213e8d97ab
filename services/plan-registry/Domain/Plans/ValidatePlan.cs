using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;

namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>
/// Decides whether what a council says of a plan can be kept. Pure: the same words on the same day are judged
/// the same.
/// </summary>
internal static class ValidatePlan
{
    /// <summary>
    /// NHS England's list gives this code to relatives; on the child it would put the flag on the wrong
    /// person.
    /// </summary>
    private const string FamilyMemberOfSubject = "375041000000100";

    private const int LongestPregnancyDays = 301;
    private const int LatestConferenceDays = 42;

    // Without a number the names and the date of birth are what a child is found by.
    private static readonly HashSet<PlanField> Identifying =
    [
        PersonFields.Subject.FamilyName,
        PersonFields.Subject.GivenNames,
        PersonFields.Subject.BirthDate,
    ];

    private static readonly HashSet<PlanField> Essential =
    [
        PlanField.Reference,
        PlanField.Action,
        PlanField.Kind,
        PlanField.StartDate,
        PlanField.EndDate,
        PlanField.Subject,
        PersonFields.Subject.Person,
        PersonFields.Subject.NhsNumber,
        PersonFields.Subject.IdentifierState,
    ];

    /// <param name="plan">What the council says.</param>
    /// <param name="today">The day it says so, in England.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <param name="isLine">A line of a file, whose sender reads a report later: a field without which the child is
    /// still found costs no plan.</param>
    /// <returns>Null where <paramref name="errors"/> says why not.</returns>
    public static PlanFacts? From(PlanDocument plan, DateOnly today, ValidationErrors errors, bool isLine = false)
    {
        var kind = Kind(plan.Kind, errors);
        var start = PlanDate.Read(plan.StartDate, PlanField.StartDate, errors);
        var end = PlanDate.Read(plan.EndDate, PlanField.EndDate, errors);
        var expected = PlanDate.Read(plan.ExpectedDate, PlanField.ExpectedDate, errors);
        Dates(plan, start, end, today, errors);
        if (kind is { } known)
            Expected(known, plan, start, expected, errors);

        var restricted = BooleanText.Read(plan.Restricted, PlanField.Restricted, "restricted-unknown", errors);
        var subject = ValidatePerson.Subject(plan.Subject ?? new PersonDocument(), kind, start, errors);
        var mother = Mother(plan.Mother, kind, errors);
        if (isLine && (ValidatePerson.HasNumber(subject) || ValidatePerson.HasNameAndBirthDate(subject)))
        {
            errors.TakeAsWarnings(error => CostsOnlyItsField(error, plan, kind, ValidatePerson.HasNumber(subject)));
            // What cannot be read of her is no word that nothing is known of her.
            if (
                mother is not null
                && SealedFacts.IsBlank(mother)
                && errors.Warnings.Any(error =>
                    error.Field?.Column.StartsWith("mother_", StringComparison.Ordinal) == true
                )
            )
            {
                mother = null;
            }

            foreach (var field in subject.Names.SelectMany(Placeholders).Distinct())
            {
                errors.Warn(
                    field,
                    "name-placeholder",
                    "This reads as no name, or as one word in both fields. The child is hardly found by it: send "
                        + "the name when it is known."
                );
            }

            if (errors.Warnings.Any(error => error.Field == PlanField.Restricted))
                restricted = true;
        }

        if (errors.Any || kind is null || start is null)
            return null;
        return new PlanFacts(
            kind.Value,
            start.Value,
            end,
            kind == PlanKind.Unborn ? expected : null,
            subject with
            {
                Mother = mother,
            },
            restricted
        );
    }

    private static IEnumerable<PlanField> Placeholders(PersonName name)
    {
        var given = string.Join(' ', name.Given);
        if (name.Family is { } family && NamePlaceholders.IsPlaceholder(family) || NamePlaceholders.IsPlaceholder(name))
            yield return PersonFields.Subject.FamilyName;
        if (given.Length > 0 && NamePlaceholders.IsPlaceholder(given))
            yield return PersonFields.Subject.GivenNames;
    }

    private static bool CostsOnlyItsField(ValidationError error, PlanDocument plan, PlanKind? kind, bool hasNumber) =>
        error.Field switch
        {
            null => false,
            _ when error.Code == "mother-twice" => false,
            _ when error.Field == PlanField.EndDate => PlanDate.NamesNoDay(plan.EndDate),
            _ when error.Field == PlanField.ExpectedDate => kind != PlanKind.Unborn,
            _ when Identifying.Contains(error.Field) => hasNumber,
            _ => !Essential.Contains(error.Field),
        };

    private static PlanKind? Kind(string? raw, ValidationErrors errors)
    {
        var text = raw?.Trim();
        if (PlanKindCodes.TryFromSnomed(text, out var coded))
            return coded;
        PlanKind? kind = text?.ToLowerInvariant() switch
        {
            "child-protection" => PlanKind.ChildProtection,
            "looked-after" => PlanKind.LookedAfter,
            "unborn" => PlanKind.Unborn,
            _ => null,
        };
        if (kind is not null)
            return kind;
        if (text == FamilyMemberOfSubject)
        {
            errors.Add(
                PlanField.Kind,
                "kind-family-member",
                "375041000000100 means \"family member subject of child protection plan\": a relative is on a plan, "
                    + "not this person. For the child use 342191000000101 or child-protection."
            );
        }
        else
        {
            errors.Add(
                PlanField.Kind,
                string.IsNullOrEmpty(text) ? "kind-missing" : "kind-unknown",
                "The kind is child-protection, looked-after or unborn, or the SNOMED CT code 342191000000101, "
                    + "764841000000100 or 818901000000100."
            );
        }

        return null;
    }

    private static void Dates(
        PlanDocument plan,
        DateOnly? start,
        DateOnly? end,
        DateOnly today,
        ValidationErrors errors
    )
    {
        if (string.IsNullOrWhiteSpace(plan.StartDate))
            errors.Add(PlanField.StartDate, "start-date-missing", "Say on which day the plan started.");
        if (start > today)
        {
            errors.Add(
                PlanField.StartDate,
                "start-date-in-future",
                "The start is in the future. Send the plan when it has started."
            );
        }

        if (end < start)
            errors.Add(PlanField.EndDate, "end-before-start", "The end is before the start.");
        if (end > today)
        {
            errors.Add(
                PlanField.EndDate,
                "end-date-in-future",
                "The end is in the future. Leave it empty while the plan runs, and send it when the plan has ended."
            );
        }
    }

    private static void Expected(
        PlanKind kind,
        PlanDocument plan,
        DateOnly? start,
        DateOnly? expected,
        ValidationErrors errors
    )
    {
        if (kind != PlanKind.Unborn)
        {
            if (!string.IsNullOrWhiteSpace(plan.ExpectedDate))
            {
                errors.Add(
                    PlanField.ExpectedDate,
                    "expected-date-not-for-child",
                    "An expected date of delivery belongs to an unborn plan only. Leave it empty once the child is "
                        + "born."
                );
            }

            return;
        }

        if (string.IsNullOrWhiteSpace(plan.ExpectedDate))
        {
            errors.Add(
                PlanField.ExpectedDate,
                "expected-date-missing",
                "An unborn plan needs the expected date of delivery; an estimate will do."
            );
        }
        // Measured from the start, not from today, so that a plan accepted once is not refused by the passing of time.
        if (
            start is { } from
            && expected is { } due
            && (due < from.AddDays(-LatestConferenceDays) || due > from.AddDays(LongestPregnancyDays))
        )
        {
            errors.Add(
                PlanField.ExpectedDate,
                "expected-date-implausible",
                "The expected date is not within a pregnancy of the plan's start. Check both dates."
            );
        }
    }

    private static PersonTraits? Mother(PersonDocument? mother, PlanKind? kind, ValidationErrors errors)
    {
        if (mother is null)
            return null;
        if (kind == PlanKind.Unborn)
        {
            errors.Add(
                PlanField.Mother,
                "mother-twice",
                "The person of an unborn plan is the mother already. Put her details there, and leave the mother's "
                    + "own fields empty."
            );
            return null;
        }

        return ValidatePerson.Mother(mother, errors);
    }
}
