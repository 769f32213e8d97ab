using MassTransit;

namespace Safeguarding.Bench.Baseline.Plain;

internal static class TakeEncounter
{
    public static async Task<IResult> Handle(
        HttpRequest request,
        PlainDb db,
        IPublishEndpoint bus,
        Counts counts,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (await ReadEncounter.OfAsync(request, clock, cancellationToken) is not { } encounter)
            return Results.BadRequest();
        db.Add(encounter);
        await db.SaveChangesAsync(cancellationToken);
        await bus.Publish(encounter.Taken, cancellationToken);
        counts.OneHandled();
        return Results.Created($"/fhir/Encounter/{encounter.Id}", null);
    }
}
