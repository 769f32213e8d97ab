namespace Safeguarding.Portal.Services;

/// <summary>How often a code was answered.</summary>
/// <param name="Code">Which.</param>
/// <param name="Refused">In the last seven days.</param>
/// <param name="Usual">In a week before.</param>
/// <param name="Missing">Not accepted since.</param>
/// <param name="LastAt">When last.</param>
/// <param name="Path">What was most often at fault.</param>
internal sealed record RefusedCode(
    string Code,
    long Refused,
    double Usual,
    long Missing,
    DateTimeOffset LastAt,
    string? Path
);

/// <summary>One thing that was refused.</summary>
/// <param name="At">When.</param>
/// <param name="Door">Where it was sent.</param>
/// <param name="Code">Why.</param>
/// <param name="Path">The element at fault.</param>
/// <param name="RequestId">Of the request.</param>
/// <param name="AcceptedAt">When the same was accepted later.</param>
internal sealed record RefusedItem(
    DateTimeOffset At,
    string Door,
    string Code,
    string? Path,
    string? RequestId,
    DateTimeOffset? AcceptedAt
);

/// <summary>What was refused of an organisation: of a trust its encounters, of a council its plans.</summary>
/// <param name="plans">The plan registry.</param>
/// <param name="encounters">Encounter ingest.</param>
public sealed class RefusedItems(PlanRegistry.Client plans, EncounterIngest.Client encounters)
{
    internal async Task<(IReadOnlyList<RefusedCode> Codes, IReadOnlyList<RefusedItem> Newest)> ReadAsync(
        bool isTrust,
        CancellationToken cancellationToken
    )
    {
        if (isTrust)
        {
            var ofTrust = await encounters.RefusalSummariseAsync(cancellationToken: cancellationToken);
            return (
                [
                    .. ofTrust.Codes.Select(o => new RefusedCode(
                        o.Code,
                        o.Refused,
                        o.Usual,
                        o.Missing,
                        o.LastAt,
                        o.Path
                    )),
                ],
                [
                    .. ofTrust.Refusals.Select(o => new RefusedItem(
                        o.At,
                        o.Door,
                        o.Code,
                        o.Path,
                        o.RequestId,
                        o.AcceptedAt
                    )),
                ]
            );
        }

        var ofCouncil = await plans.RefusalSummariseAsync(cancellationToken: cancellationToken);
        return (
            [.. ofCouncil.Codes.Select(o => new RefusedCode(o.Code, o.Refused, o.Usual, o.Missing, o.LastAt, o.Path))],
            [
                .. ofCouncil.Refusals.Select(o => new RefusedItem(
                    o.At,
                    o.Door,
                    o.Code,
                    o.Path,
                    o.RequestId,
                    o.AcceptedAt
                )),
            ]
        );
    }
}
