namespace Safeguarding.Hosting.SubjectAccess;

/// <summary>The answers of all services about one person, in one.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Organisation">Whose data it is.</param>
/// <param name="Parts">What each service holds.</param>
/// <param name="Withheld">Every item that is left out, and why.</param>
/// <param name="Missing">Services that did not answer; with one of them it is not complete.</param>
public sealed record SubjectAccessExport(
    DateTimeOffset At,
    string Organisation,
    IReadOnlyList<SubjectAccessPart> Parts,
    IReadOnlyList<SubjectItem> Withheld,
    IReadOnlyList<string> Missing
)
{
    /// <summary>The service that is asked first, by number or reference.</summary>
    public const string PlanRegistry = "plan-registry";

    private const string Matching = "matching";
    private const string Notification = "notification";

    /// <summary>The services that are asked, in this order.</summary>
    public static IReadOnlyList<string> Services { get; } = [PlanRegistry, Matching, Notification];

    /// <summary>The service that has an item, by what the item's name begins with; null of none.</summary>
    /// <param name="item">As an answer names it.</param>
    public static string? ServiceOf(string item) =>
        (item ?? "").Split('/')[0] switch
        {
            "plan" or "look-up" => PlanRegistry,
            "match" or "review" or "review-act" => Matching,
            "alert" or "attendance" or "event" => Notification,
            _ => null,
        };

    /// <summary>
    /// Asks plan-registry who it is, and the others by the plans that it knows: they know nobody by number.
    /// </summary>
    /// <param name="nhsNumber">The person's; or instead <paramref name="plan"/>.</param>
    /// <param name="plan">The council's reference of a plan of the person.</param>
    /// <param name="releases">What is to be shown of what is withheld; each is sent to the service that has it.</param>
    /// <param name="ask">Posts a body to <c>/subject-access</c> of a service; null where it does not answer.</param>
    public static async Task<SubjectAccessExport?> GatherAsync(
        string? nhsNumber,
        string? plan,
        IReadOnlyList<SubjectRelease> releases,
        Func<string, object, Task<SubjectAccessDocument?>> ask
    )
    {
        ArgumentNullException.ThrowIfNull(ask);
        // What nobody has is refused by the first.
        SubjectRelease[] ReleasesOf(string service) =>
            [.. releases.Where(release => (ServiceOf(release.Item ?? "") ?? PlanRegistry) == service)];

        var first = await ask(
            PlanRegistry,
            new
            {
                nhsNumber,
                plan,
                releases = ReleasesOf(PlanRegistry),
            }
        );
        if (first is null)
            return null;
        var plans = first.Plans ?? [];
        if (plans is [])
            return Together(first, [(PlanRegistry, first)]);
        var matching = ask(Matching, new SubjectAccessByPlans(plans, ReleasesOf(Matching)));
        var notification = ask(Notification, new SubjectAccessByPlans(plans, ReleasesOf(Notification)));
        return Together(first, [(PlanRegistry, first), (Matching, await matching), (Notification, await notification)]);
    }

    private static SubjectAccessExport Together(
        SubjectAccessDocument first,
        IReadOnlyList<(string Service, SubjectAccessDocument? Document)> answers
    ) =>
        new(
            first.At,
            first.Organisation,
            [
                .. answers
                    .Where(answer => answer.Document is not null)
                    .Select(answer => new SubjectAccessPart(
                        answer.Service,
                        answer.Document!.Records,
                        answer.Document.HeldElsewhere
                    )),
            ],
            [
                .. answers
                    .SelectMany(answer => answer.Document?.Records ?? [])
                    .SelectMany(record => record.Items)
                    .Where(item => item.Withheld is not null),
            ],
            [.. answers.Where(answer => answer.Document is null).Select(answer => answer.Service)]
        );
}

/// <summary>What one service holds.</summary>
/// <param name="Service">Which.</param>
/// <param name="Records">What is stored, one record for each thing.</param>
/// <param name="HeldElsewhere">What is not in it, and where that is read.</param>
public sealed record SubjectAccessPart(
    string Service,
    IReadOnlyList<SubjectRecord> Records,
    IReadOnlyList<string> HeldElsewhere
);
