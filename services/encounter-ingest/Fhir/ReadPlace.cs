using Safeguarding.Contracts.Encounters;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>At which site of which organisation the encounter takes place.</summary>
internal static class ReadPlace
{
    private const int MostSteps = 8;

    /// <summary>Where the patient is, before where they were, before where they are to go.</summary>
    private enum Presence
    {
        Now,
        Before,
        Later,
    }

    public static (string? OrganisationName, string? SiteOds) Read(
        FhirElement encounter,
        EncounterStatus status,
        FhirDocument document,
        SendingTrust trust,
        DateTimeOffset now,
        Issues issues
    )
    {
        var provider = encounter.Child("serviceProvider");
        var ofProvider = new Issues();
        var providers = Chain(provider, document, ofProvider);
        if (provider is not null && Differs(providers[0], trust) is { } own)
        {
            // Shared systems do this. The token is what was proved.
            issues.Warn(IssueKind.OrganisationDiffers, own);
            (provider, providers) = (null, []);
        }

        var locations = encounter
            .All("location")
            .Select(location => (Location: location, At: PresenceAt(location, status, now)))
            .OrderBy(one => one.At.Presence)
            .ThenByDescending(one => At(one.Location, "end") is null)
            .ThenBy(one => one.At.Order)
            .Select(one => one.Location.Child("location"))
            .OfType<FhirElement>()
            .ToList();
        var site = locations
            .Select(location => OfLocation(location, document, trust, issues))
            .FirstOrDefault(ods => ods is not null)
            ?? Site(providers, trust, ownOnly: true, issues);
        if (site is null)
        {
            issues.AddAll(ofProvider);
            if (
                locations.Count > 0
                || provider?.Child("reference") is not null
                || providers.Exists(step => step.Identifiers.Any(Codes.IsOdsSite))
            )
            {
                issues.Warn(IssueKind.SiteUnknown, encounter);
            }
        }

        return (Name(provider, providers), site);
    }

    /// <summary>A reference and what it leads to: the identifiers of both.</summary>
    private readonly record struct Step(IReadOnlyList<FhirElement> Identifiers, FhirElement? Resource);

    // A ward is part of a floor, which is part of a site; each may say who manages it.
    private static string? OfLocation(FhirElement location, FhirDocument document, SendingTrust trust, Issues issues)
    {
        var steps = Chain(location, document, issues);
        return Site(steps, trust, ownOnly: false, issues)
            ?? steps
                .Select(step => step.Resource?.Child("managingOrganization"))
                .OfType<FhirElement>()
                .Select(manager => Site(Chain(manager, document, issues), trust, ownOnly: true, issues))
                .FirstOrDefault(ods => ods is not null);
    }

    private static List<Step> Chain(FhirElement? reference, FhirDocument document, Issues issues)
    {
        var steps = new List<Step>();
        while (reference is not null && steps.Count < MostSteps)
        {
            var (resource, problem) = document.Resolve(reference);
            var identifiers = FhirDocument.Identifiers(reference).Concat(resource?.All("identifier") ?? []).ToList();
            if (problem is not null && !(problem == IssueKind.ReferenceConditional && identifiers.Exists(IsOds)))
                issues.Warn(problem, reference.Child("reference")!);
            if (resource is not null && steps.Exists(step => step.Resource == resource))
                break;
            steps.Add(new Step(identifiers, resource));
            reference = resource?.Child("partOf");
        }

        return steps;
    }

    /// <summary>
    /// The nearest site code; else a code under the organisation system, where senders put sites too. Of an
    /// organisation only what ODS says is operated by the trust, or begins with its code and goes on, can be one of its
    /// sites.
    /// </summary>
    private static string? Site(List<Step> steps, SendingTrust trust, bool ownOnly, Issues issues)
    {
        var identifiers = steps.SelectMany(step => step.Identifiers).ToList();
        var codes = identifiers
            .Where(Codes.IsOdsSite)
            .Concat(
                identifiers
                    .Where(one =>
                        Codes.IsOdsOrganisation(one) && (!ownOnly || (trust.MayBeOf(Code(one)) && !trust.Is(Code(one))))
                    )
                    .OrderBy(one => trust.Is(Code(one)))
            );
        foreach (var identifier in codes)
        {
            if (Code(identifier) is not { } code)
                continue;
            if (IsOdsCode(code))
                return code.ToUpperInvariant();
            // Where a child is helps the council, but not knowing it must not keep the encounter from it.
            issues.Warn(IssueKind.OdsCodeInvalid, identifier);
        }

        return null;
    }

    /// <summary>
    /// The identifier by which serviceProvider is another organisation: neither the caller's nor one of its
    /// sites.
    /// </summary>
    private static FhirElement? Differs(Step provider, SendingTrust trust)
    {
        var codes = provider.Identifiers.Where(Codes.IsOdsOrganisation).ToList();
        return codes.Exists(one => trust.MayBeOf(Code(one))) ? null : codes.FirstOrDefault();
    }

    private static string? Name(FhirElement? provider, List<Step> providers)
    {
        var name = provider?.Text("display")
            ?? (providers is [{ Resource: { } resource }, ..] ? resource.Text("name") : null);
        return name is { Length: <= 100 } && TextProfile.Message.Allows(name) ? name : null;
    }

    private static (Presence Presence, long Order) PresenceAt(
        FhirElement location,
        EncounterStatus status,
        DateTimeOffset now
    )
    {
        var isOver = At(location, "end") < now;
        var start = At(location, "start");
        var presence = location.Text("status") switch
        {
            "completed" => Presence.Before,
            "planned" or "reserved" => Presence.Later,
            "active" => isOver ? Presence.Before : Presence.Now,
            _ => isOver ? Presence.Before
            : start > now ? Presence.Later
            : Presence.Now,
        };
        // The latest of those that have begun, the first of those to come; for a planned encounter that is where it
        // will be.
        return presence == Presence.Later
            ? (status == EncounterStatus.Planned ? Presence.Now : presence, start?.UtcTicks ?? 0)
            : (presence, -(start?.UtcTicks ?? 0));
    }

    private static string? Code(FhirElement identifier) => identifier.Text("value")?.Trim();

    private static DateTimeOffset? At(FhirElement location, string bound) =>
        location.Child("period")?.Text(bound) is { } text && FhirTime.TryMoment(text, out var moment) is null
            ? bound == "end"
                ? moment.Latest
                : moment.At
            : null;

    private static bool IsOds(FhirElement identifier) =>
        Codes.IsOdsSite(identifier) || Codes.IsOdsOrganisation(identifier);

    public static bool IsOdsCode(string code) => code.Length is >= 3 and <= 12 && code.All(char.IsAsciiLetterOrDigit);
}
