using System.Text.RegularExpressions;
using Safeguarding.Bench.Hub;
using Safeguarding.Demo.People;

namespace Safeguarding.Bench.Portal;

/// <summary>A page, as somebody opens it.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Person">Who.</param>
/// <param name="Path">Where.</param>
/// <param name="Form">What is sent to it; null where it is opened.</param>
internal sealed record PortalPage(
    string Name,
    BrowserlessPerson Person,
    string Path,
    IReadOnlyList<KeyValuePair<string, string>>? Form = null
)
{
    /// <summary>At most so many a minute: a person's look-ups are limited to 30.</summary>
    public int? PerMinute { get; init; }
}

/// <summary>The main pages of each audience, as people of Northmoor, Meadowbank and the hub open them.</summary>
internal sealed partial class PortalPages : IDisposable
{
    private const string Anybody = "[0-9a-f-]{36}";
    private readonly List<BrowserlessPerson> _people = [];

    public async Task<IReadOnlyList<PortalPage>> FindAsync(int child, CancellationToken cancellationToken)
    {
        var plan = SyntheticRegister.ReferenceOf(child);
        var pages = new List<PortalPage>();

        var worker = await SignInAsync("Edwin Farrow", cancellationToken);
        Add(worker, ("home", "/"), ("alerts", "/alerts"));
        Add(
            worker,
            ("alerts, second page", await LinkAsync(worker, "/alerts", @"/alerts\?state=open&amp;after=[^""]+"))
        );
        Add(worker, ("alerts, acknowledged", "/alerts?state=acknowledged"), ("hand-over list", "/alerts/handover"));
        Add(worker, ("one alert", await LinkAsync(worker, "/alerts", $"/alerts/{Anybody}")));
        Add(worker, ("look-up", "/look-up"));
        pages.Add(
            new PortalPage(
                "look-up, answer",
                worker,
                "/look-up",
                [
                    new("NhsNumber", SyntheticPeople.Child(child).NhsNumber.Reveal()),
                    new("Purpose", "child-protection"),
                    // Silent: an unscheduled one would notify the council each time.
                    new("Kind", "Scheduled"),
                    new("__RequestVerificationToken", await FormTokenAsync(worker, "/look-up", cancellationToken)),
                ]
            )
            {
                PerMinute = 25,
            }
        );
        Add(worker, ("plans", "/plans"), ("one plan", $"/plans/{plan}"), ("single view", $"/plans/{plan}/child"));
        Add(worker, ("figures", "/figures"), ("help", "/help"), ("API reference", "/api-reference"));

        var reviewer = await SignInAsync("Freya Gorton", cancellationToken);
        Add(reviewer, ("reviews", "/reviews"), ("review figures", "/reviews/figures"));
        Add(reviewer, ("one review", await LinkAsync(reviewer, "/reviews", $"/reviews/{Anybody}")));

        var keeper = await SignInAsync("Gita Harrow", cancellationToken);
        Add(keeper, ("uploads", "/uploads"), ("new upload", "/uploads/new"));
        var upload = await LinkAsync(keeper, "/uploads", $"/uploads/{Anybody}");
        Add(keeper, ("one upload", upload), ("its lines", $"{upload}/lines"));

        var manager = await SignInAsync("Imani Jarrow", cancellationToken);
        Add(manager, ("integration", "/integration"), ("event types", "/integration/events"));
        Add(manager, ("one endpoint", await LinkAsync(manager, "/integration", "/integration/endpoints/[^\"/]+")));

        var engineer = await SignInAsync("Wilf Yarrow", cancellationToken);
        Add(engineer, ("refused", "/refused"), ("check an encounter", "/check-encounter"));
        Add(engineer, ("check a token", "/check-token"), ("clients", "/clients"));

        var operations = await SignInAsync("Rhoda Selwyn", cancellationToken);
        Add(operations, ("operations", "/operations"), ("parked", "/operations/parked"));
        Add(operations, ("runbook", "/operations/runbook/messages-parked"));

        var officer = await SignInAsync("Jonas Kerrick", cancellationToken);
        Add(officer, ("audit", "/audit"), ("break-glass", "/break-glass"), ("subject access", "/subject-access"));
        return pages;

        void Add(BrowserlessPerson person, params (string Name, string Path)[] those) =>
            pages.AddRange(those.Select(one => new PortalPage(one.Name, person, one.Path)));

        async Task<string> LinkAsync(BrowserlessPerson person, string path, string pattern)
        {
            var page = await person.OpenAsync(path, null, cancellationToken);
            var link = Regex.Match(page.Text, $"href=\"({pattern})\"");
            return link.Success
                ? System.Net.WebUtility.HtmlDecode(link.Groups[1].Value)
                : throw new BenchFailedException($"{path} answered {page.Status}, without a link as {pattern}");
        }
    }

    public void Dispose() => _people.ForEach(person => person.Dispose());

    private async Task<BrowserlessPerson> SignInAsync(string name, CancellationToken cancellationToken)
    {
        var person = await BrowserlessPerson.SignInAsync(name, cancellationToken);
        _people.Add(person);
        return person;
    }

    private static async Task<string> FormTokenAsync(
        BrowserlessPerson person,
        string path,
        CancellationToken cancellationToken
    ) =>
        FormToken()
            // The header's form, for signing out, comes before the page's.
            .Matches((await person.OpenAsync(path, null, cancellationToken)).Text)
            .Last()
            .Groups["token"]
            .Value;

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="(?<token>[^"]+)""")]
    private static partial Regex FormToken();
}
