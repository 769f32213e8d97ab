using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Storage;

namespace Safeguarding.PlanRegistry.Plans;

/// <summary>
/// The four deeds on a plan, each with its event and its audit row, for single plans and for uploads
/// alike.
/// </summary>
internal sealed class ChangePlan(
    PlanRegistryDb db,
    Sealer sealer,
    Caller caller,
    DateTimeOffset now,
    Guid? upload = null
)
{
    public Plan Register(string reference, SealedFacts facts)
    {
        var plan = new Plan
        {
            Id = Guid.CreateVersion7(),
            CouncilCode = caller.Organisation,
            Reference = reference,
            RegisteredAt = now,
        };
        Take(plan, facts);
        plan.Changed(now, upload);
        db.Add(plan);
        db.Publish(
            new PlanRegistered(
                plan.Id,
                plan.Version,
                plan.CouncilCode,
                plan.Reference,
                plan.Kind,
                plan.StartDate,
                plan.EndDate,
                plan.ExpectedDate,
                sealer.For<PlanRegistered>().Reseal(plan.SealedSubject),
                plan.Restricted
            )
        );
        db.Audit(caller, "plan.registered", plan.Id);
        return plan;
    }

    public void Amend(Plan plan, SealedFacts facts)
    {
        Take(plan, KeepMother(plan, facts));
        plan.Changed(now, upload);
        db.Publish(
            new PlanAmended(
                plan.Id,
                plan.Version,
                plan.CouncilCode,
                plan.Reference,
                plan.Kind,
                plan.StartDate,
                plan.EndDate,
                plan.ExpectedDate,
                sealer.For<PlanAmended>().Reseal(plan.SealedSubject),
                plan.Restricted
            )
        );
        db.Audit(caller, "plan.amended", plan.Id);
    }

    public void End(Plan plan, DateOnly endDate)
    {
        plan.EndDate = endDate;
        plan.Changed(now, upload);
        db.Publish(new PlanEnded(plan.Id, plan.Version, plan.CouncilCode, endDate));
        db.Audit(caller, "plan.ended", plan.Id);
    }

    public void Delete(Plan plan)
    {
        (plan.Subject, plan.SubjectKeyId, plan.NhsNumberMac, plan.FactsMac) = (null, null, null, null);
        plan.KeyBy(null);
        plan.DeletedAt = now;
        plan.Changed(now, upload);
        db.Publish(new PlanDeleted(plan.Id, plan.Version, plan.CouncilCode));
        db.Audit(caller, "plan.deleted", plan.Id);
    }

    private void Take(Plan plan, SealedFacts facts)
    {
        plan.Take(facts);
        plan.KeyBy(SealedFacts.BirthDateMac(sealer.Open(facts.Subject), sealer));
    }

    // When the child of an unborn plan is linked, the mother it was keyed on must still be found: she may bring the
    // newborn in.
    private SealedFacts KeepMother(Plan plan, SealedFacts facts)
    {
        if (facts.SpeaksOfMother || facts.Kind == PlanKind.Unborn || !(plan.Kind == PlanKind.Unborn || plan.HasMother))
            return facts;
        var before = sealer.Open(plan.SealedSubject);
        var mother = plan.Kind == PlanKind.Unborn ? before : before.Mother;
        Sealed<PersonTraits> both = sealer.Seal(sealer.Open(facts.Subject) with { Mother = mother });
        return facts with { Subject = both, HasMother = true };
    }
}
