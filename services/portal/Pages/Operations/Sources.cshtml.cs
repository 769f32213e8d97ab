using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.Words;

namespace Safeguarding.Portal.Pages.Operations;

/// <summary>Everybody who sends to the hub, the silent ones first.</summary>
/// <param name="plans">The plan registry.</param>
/// <param name="encounters">Encounter ingest.</param>
[Authorize("ops")]
public sealed class SourcesModel(PlanRegistry.Client plans, EncounterIngest.Client encounters) : PageModel
{
    internal IReadOnlyList<Part<IReadOnlyList<Source>>> Sources { get; private set; } = [];

    internal IReadOnlyList<Source> All =>
        [
            .. Sources
                .SelectMany(part => part.Value ?? [])
                .OrderByDescending(source => source.IsSilent)
                .ThenBy(source => source.Organisation, StringComparer.Ordinal),
        ];

    /// <summary>Asks both services at once.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Sources = await Task.WhenAll(
            Part.OfAsync(SendersAsync(cancellationToken)),
            Part.OfAsync(RegistersAsync(cancellationToken))
        );
        if (Sources.Any(part => part.Missing is not null))
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }

    private async Task<IReadOnlyList<Source>> SendersAsync(CancellationToken cancellationToken) =>
        [
            .. (await encounters.SourceListAsync(cancellationToken: cancellationToken)).Sources.Select(
                source => new Source(
                    source.Organisation,
                    "Encounters or contacts",
                    source.LastArrivalAt,
                    source.State == EncounterIngest.SourceState.Silent,
                    ReviewWords.Capital(source.State.ToString())
                )
            ),
        ];

    private async Task<IReadOnlyList<Source>> RegistersAsync(CancellationToken cancellationToken) =>
        [
            .. (await plans.SourceListAsync(cancellationToken: cancellationToken)).Sources.Select(source => new Source(
                source.Organisation,
                "Its register",
                source.LastArrivalAt,
                source.State == PlanRegistry.SourceState.Silent,
                ReviewWords.Capital(source.State.ToString())
            )),
        ];

    internal sealed record Source(
        string Organisation,
        string What,
        DateTimeOffset LastArrivalAt,
        bool IsSilent,
        string State
    );
}
