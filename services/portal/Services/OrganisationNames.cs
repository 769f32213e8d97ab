using System.Collections.Concurrent;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Portal.Services;

/// <summary>How organisations and sites are called. A code that has no name stands for itself.</summary>
internal sealed class Names(IReadOnlyDictionary<string, string> known)
{
    public static Names None { get; } = new(new Dictionary<string, string>());

    /// <summary>The name; else the code.</summary>
    public string Of(string code) => known.GetValueOrDefault(code, code);

    /// <summary>Name and code, for those who type codes.</summary>
    public string WithCode(string code) => known.TryGetValue(code, out var name) ? $"{name} ({code})" : code;
}

/// <summary>
/// Asks the hub for all names of a page at once, and keeps them for some minutes. Where it does not answer soon, the
/// page shows codes.
/// </summary>
/// <param name="encounters">Encounter ingest, which has the directory.</param>
/// <param name="cache">What was asked before.</param>
public sealed class OrganisationNames(EncounterIngest.Client encounters, OrganisationNameCache cache)
{
    // Of one question.
    private const int MostCodes = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal Task<Names> OfAsync(params string?[] codes) => OfAsync((IEnumerable<string?>)codes);

    internal async Task<Names> OfAsync(IEnumerable<string?> codes)
    {
        // What has a name already is no code.
        var wanted = codes.OfType<string>().Where(code => OrganisationKinds.Of(code) is not null).Distinct().ToList();
        var missing = wanted.Where(cache.Lacks).Take(MostCodes).ToList();
        if (missing.Count > 0 && cache.MayAsk)
        {
            using var soon = new CancellationTokenSource(Patience);
            try
            {
                var answer = await encounters.ListOrganisationsAsync(missing, cancellationToken: soon.Token);
                cache.Keep(missing, answer.Organisations.ToDictionary(one => one.Code, one => one.Name));
            }
            catch (Exception exception) when (exception is ServiceAnswerException or EncounterIngest.ApiException)
            {
                cache.Wait();
            }
        }

        return cache.Names(wanted);
    }
}

/// <summary>Names that were asked for, of all people who are signed in: they are the same for everybody.</summary>
/// <param name="clock">The clock.</param>
public sealed class OrganisationNameCache(TimeProvider clock)
{
    private const int Most = 5_000;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (string? Name, DateTimeOffset Until)> _names = new();
    private long _pausedUntil;

    /// <summary>Not within half a minute of an answer that did not come.</summary>
    internal bool MayAsk => clock.GetUtcNow().UtcTicks >= Interlocked.Read(ref _pausedUntil);

    internal bool Lacks(string code) => !_names.TryGetValue(code, out var kept) || kept.Until < clock.GetUtcNow();

    internal void Keep(IEnumerable<string> codes, IReadOnlyDictionary<string, string> names)
    {
        if (_names.Count > Most)
            _names.Clear();
        var until = clock.GetUtcNow() + Kept;
        foreach (var code in codes)
            _names[code] = (names.GetValueOrDefault(code), until);
    }

    internal void Wait() => Interlocked.Exchange(ref _pausedUntil, (clock.GetUtcNow() + Pause).UtcTicks);

    // One that is out of date is better than none.
    internal Names Names(IEnumerable<string> codes) =>
        new(
            codes
                .Select(code => (Code: code, _names.GetValueOrDefault(code).Name))
                .Where(one => one.Name is not null)
                .ToDictionary(one => one.Code, one => one.Name!)
        );
}
