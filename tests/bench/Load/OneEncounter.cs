using System.Diagnostics;
using System.Net.Http.Headers;
using Safeguarding.Bench.Hub;
using Safeguarding.Demo.People;

namespace Safeguarding.Bench.Load;

/// <summary>Posts encounters one at a time, as the hub's made-up trust.</summary>
internal static class OneEncounter
{
    /// <returns>When the post began, in Stopwatch ticks.</returns>
    public static async Task<long> PostAsync(
        HubClient trust,
        string identifier,
        int child,
        CancellationToken cancellationToken
    )
    {
        var body = new SyntheticEncounter(
            identifier,
            "RZ1",
            "RZ101",
            TimeProvider.System.GetUtcNow().AddMinutes(-2)
        ).Of(SyntheticPeople.Child(child));
        using var content = new ByteArrayContent(body)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+json") },
        };
        var began = Stopwatch.GetTimestamp();
        using var answer = await trust.SendAsync(
            HttpMethod.Post,
            new Uri(HubAddresses.EncounterIngest, "/fhir/Encounter"),
            content,
            cancellationToken
        );
        await HubClient.ThrowUnlessFineAsync(answer, cancellationToken);
        return began;
    }
}
