using Microsoft.EntityFrameworkCore;

namespace Safeguarding.Bench.Baseline.Safe;

internal static class TakeEncounter
{
    public static async Task<IResult> Handle(
        HttpRequest request,
        SafeDb db,
        Counts counts,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (await ReadEncounter.OfAsync(request, clock, cancellationToken) is not { } encounter)
            return Results.BadRequest();
        db.Add(encounter);
        db.Add(OutboxMessage.Of("intake", encounter.Taken));
        if (await db.TrySaveOnceAsync(cancellationToken))
        {
            counts.OneHandled();
            return Results.Created($"/fhir/Encounter/{encounter.Id}", null);
        }

        // Sent again, because its sender did not hear the answer.
        var first = await db
            .Encounters.Where(known => known.Identifier == encounter.Identifier)
            .Select(known => known.Id)
            .SingleAsync(cancellationToken);
        request.HttpContext.Response.Headers.Location = $"/fhir/Encounter/{first}";
        return Results.Ok();
    }
}
