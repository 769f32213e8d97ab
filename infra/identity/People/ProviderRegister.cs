using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenIddict.Client;
using Safeguarding.Hosting.Organisations;
using Safeguarding.Identity.Configuration;
using Safeguarding.Identity.Development;

namespace Safeguarding.Identity.People;

/// <summary>
/// The providers as their files last said. Bad files stop the start; files that go bad later change nothing and are
/// logged, once per error.
/// </summary>
internal sealed partial class ProviderRegister(
    IOptions<IdentityOptions> settings,
    DevelopmentIssuer development,
    ILogger<ProviderRegister> logger
) : IConfigureOptions<OpenIddictClientOptions>, IOptionsChangeTokenSource<OpenIddictClientOptions>
{
    private volatile Provider[] _providers = [];
    private ConfigurationReloadToken _changed = new();
    private Dictionary<string, string>? _content;
    private string? _error;

    public string? Name => Options.DefaultName;

    /// <summary>What it has read and the audit does not say yet. Whoever has recorded one takes it out.</summary>
    public ConcurrentQueue<TakenFile> Taken { get; } = new();

    public IReadOnlyList<Provider> All => _providers;

    public IChangeToken GetChangeToken() => _changed;

    public Provider? Find(string? id) => _providers.FirstOrDefault(provider => provider.Id == id);

    /// <summary>Which of a person's roles there are rules for; each organisation and role once.</summary>
    public static IReadOnlyList<Rule> Matches(Provider provider, ProviderClaims claims) =>
        [
            .. provider
                .Rules.Where(rule =>
                    (claims.OnlyOrganisation ?? rule.Organisation) == rule.Organisation
                    && rule.When.All(condition => claims.Claims[condition.Key].Contains(condition.Value))
                )
                .DistinctBy(rule => (rule.Organisation, rule.Role)),
        ];

    /// <summary>The rule, if it is still there.</summary>
    public Rule? FindRule(string fingerprint) =>
        _providers.SelectMany(provider => provider.Rules).FirstOrDefault(rule => rule.Fingerprint == fingerprint);

    /// <exception cref="BadProviderException">Names the file and the rule at fault.</exception>
    public void Load()
    {
        _providers = Read();
        _content = Content();
        Taken.Enqueue(Took(_content, []));
        SayLoaded();
    }

    /// <summary>Whether they have changed.</summary>
    public bool Reload()
    {
        try
        {
            var content = Content();
            if (_content is { } old && content.Count == old.Count && content.All(old.Contains))
                return false;
            _providers = Read();
            Taken.Enqueue(Took(content, Changes(_content ?? [], content)));
            _content = content;
            _error = null;
            SayLoaded();
            Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
            return true;
        }
        catch (Exception exception)
            when (exception is BadProviderException or IOException or UnauthorizedAccessException)
        {
            if (_error != exception.Message)
                KeptPrevious(logger, _error = exception.Message);
            return false;
        }
    }

    public void Configure(OpenIddictClientOptions options)
    {
        foreach (var provider in _providers)
        {
            var registration = new OpenIddictClientRegistration
            {
                RegistrationId = provider.Id,
                ProviderName = provider.Id,
                Issuer = provider.Issuer,
                ClientId = provider.ClientId,
                ClientSecret = provider.Secret,
                RedirectUri = new Uri(settings.Value.PublicUrlOf(provider.CallbackPath)),
            };
            registration.Scopes.UnionWith(provider.Scopes);
            if (provider.Key is { } key)
                registration.SigningCredentials.Add(key);
            if (provider.Id == ProviderFile.DevelopmentId)
                registration.ConfigurationManager = development;
            options.Registrations.Add(registration);
            // As the request has it behind a proxy, whose address another host name has.
            options.RedirectionEndpointUris.Add(new Uri(provider.CallbackPath.TrimStart('/'), UriKind.Relative));
        }
    }

    private void SayLoaded()
    {
        var rules = _providers.Sum(provider => provider.Rules.Count);
        Loaded(logger, _providers.Length, rules);
        foreach (
            var why in _providers
                .SelectMany(provider => provider.Rules)
                .Select(rule => rule.Organisation)
                .Distinct()
                .Select(Councils.WhyNotInUse)
                .OfType<string>()
        )
        {
            NotInUse(logger, why);
        }
    }

    private Provider[] Read()
    {
        var providers = Files().Select(ProviderFile.Read);
        return [.. settings.Value.DevelopmentProvider ? providers.Append(Development()) : providers];
    }

    private IEnumerable<string> Files() =>
        settings.Value.ProvidersDirectory is { Length: > 0 } directory
            ? Directory.GetFiles(directory, "*.json").Order(StringComparer.Ordinal)
            : [];

    // The keys too: they are changed in place.
    private Dictionary<string, string> Content() =>
        settings.Value.ProvidersDirectory is { Length: > 0 } directory
            ? Directory.GetFiles(directory).ToDictionary(file => Path.GetFileName(file), File.ReadAllText)
            : [];

    private static TakenFile Took(Dictionary<string, string> content, IEnumerable<ChangedEntry> changes) =>
        new(
            ConfigurationActs.ProvidersTaken,
            JsonSerializer.SerializeToUtf8Bytes(content.OrderBy(file => file.Key, StringComparer.Ordinal)),
            TakenFile.Unknown,
            [.. changes]
        );

    private static IEnumerable<ChangedEntry> Changes(Dictionary<string, string> old, Dictionary<string, string> now) =>
        from file in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
        let before = old.GetValueOrDefault(file)
        let after = now.GetValueOrDefault(file)
        where before != after
        select new ChangedEntry(
            before is null ? ConfigurationActs.ProviderAdded
                : after is null ? ConfigurationActs.ProviderRemoved
                : ConfigurationActs.ProviderChanged,
            file,
            ConfigurationActs.Hub
        );

    private Provider Development() =>
        new(
            ProviderFile.DevelopmentId,
            "Development: made-up people",
            ProviderKind.Oidc,
            development.Issuer,
            DevelopmentIssuer.ClientId
        )
        {
            Scopes = ["openid", "profile"],
            Assurance = DevelopmentPeople.Assurance,
            Rules =
            [
                .. DevelopmentPeople
                    .All.SelectMany(person => person.Work)
                    .Distinct()
                    .Select(work => new Rule(
                        ProviderFile.DevelopmentId,
                        work.Organisation,
                        work.Role,
                        new Dictionary<string, string> { ["work"] = work.ToString() }
                    )),
            ],
        };

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} providers with {Rules} rules are known")]
    private static partial void Loaded(ILogger logger, int count, int rules);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A rule of the providers is for a code that is not in use: {Why}"
    )]
    private static partial void NotInUse(ILogger logger, string why);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The providers' files are invalid; the previous providers stay in force: {Error}"
    )]
    private static partial void KeptPrevious(ILogger logger, string error);
}
