using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Contracts.Councils;
using Safeguarding.Hosting.Access;
using Safeguarding.PlanRegistry.Domain.Councils;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Councils;

internal static class PutCouncil
{
    public static async Task<Results<Created<CouncilView>, Ok<CouncilView>, ProblemHttpResult>> Handle(
        string code,
        CouncilDocument document,
        Caller caller,
        HttpContext http,
        PlanRegistryDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (code != caller.Organisation)
        {
            return Refusal.Problem(
                StatusCodes.Status403Forbidden,
                "not-your-council",
                "A council changes its own contacts only: the code must be that of the token."
            );
        }

        var errors = new ValidationErrors();
        if (ValidateCouncil.From(document, errors) is not { } facts)
            return errors.ToProblem();

        await using var transaction = await db.BeginChangeAsync(code, cancellationToken);
        var council = await db.Councils.FindAsync([code], cancellationToken);
        var isNew = council is null;
        if (!Precondition.Holds(http.Request, council?.Version))
            return Precondition.Failed();
        if (council is null)
            db.Add(council = new Council { Code = code, Id = Guid.CreateVersion7() });

        if (isNew || !Same(council, facts))
        {
            council.Version++;
            (council.Name, council.OfficePhone, council.EmergencyDutyPhone) = (
                facts.Name,
                facts.OfficePhone,
                facts.EmergencyDutyPhone
            );
            (council.OfficeHours, council.BankHolidays, council.ChangedAt) = (
                facts.OfficeHours,
                [.. facts.BankHolidays],
                clock.GetUtcNow()
            );
            db.Publish(
                new CouncilContactChanged(
                    code,
                    council.Version,
                    council.Name,
                    council.OfficePhone,
                    council.EmergencyDutyPhone,
                    council.OfficeHours,
                    council.BankHolidays
                )
            );
            db.Audit(caller, "council.changed", council.Id);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        Precondition.Tag(http.Response, council.Version);
        return isNew
            ? TypedResults.Created($"/councils/{code}", CouncilView.Of(council))
            : TypedResults.Ok(CouncilView.Of(council));
    }

    private static bool Same(Council council, CouncilFacts facts) =>
        (council.Name, council.OfficePhone, council.EmergencyDutyPhone)
            == (facts.Name, facts.OfficePhone, facts.EmergencyDutyPhone)
        && council.OfficeHours.SequenceEqual(facts.OfficeHours)
        && council.BankHolidays.SequenceEqual(facts.BankHolidays);
}
