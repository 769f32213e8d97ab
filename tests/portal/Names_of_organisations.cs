using System.Net;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Tests;

/// <summary>Codes become names by one question a page, and stay codes where nobody answers.</summary>
public sealed class Names_of_organisations
{
    private readonly Directory _directory = new();
    private readonly Clock _clock = new();
    private readonly OrganisationNames _names;

    public Names_of_organisations() =>
        _names = new OrganisationNames(
            new EncounterIngest.Client(new HttpClient(_directory) { BaseAddress = new Uri("http://hub.example/") }),
            new OrganisationNameCache(_clock)
        );

    [Fact]
    public async Task All_of_a_page_are_asked_at_once_and_kept_for_some_minutes()
    {
        var first = await _names.OfAsync("RZ1", "E08999901", "NOSUCH", "Northmoor General", "RZ1", null);
        var again = await _names.OfAsync("RZ1", "NOSUCH");
        _clock.Now += TimeSpan.FromMinutes(11);
        await _names.OfAsync("RZ1");

        Assert.Equal("Meadowbank", first.Of("RZ1"));
        Assert.Equal("Meadowbank (RZ1)", again.WithCode("RZ1"));
        Assert.Equal(("NOSUCH", "Northmoor General"), (again.Of("NOSUCH"), first.WithCode("Northmoor General")));
        Assert.Equal(["?code=RZ1&code=E08999901&code=NOSUCH", "?code=RZ1"], _directory.Asked);
    }

    [Fact]
    public async Task Where_nobody_answers_codes_are_shown_and_nobody_is_asked_for_half_a_minute()
    {
        await _names.OfAsync("RZ1");
        _directory.IsAway = true;
        _clock.Now += TimeSpan.FromMinutes(11);

        var old = await _names.OfAsync("RZ1", "RZ2");
        await _names.OfAsync("RZ2");
        _clock.Now += TimeSpan.FromSeconds(31);
        _directory.IsAway = false;
        var found = await _names.OfAsync("RZ1");

        Assert.Equal(("Meadowbank", "RZ2"), (old.Of("RZ1"), old.Of("RZ2")));
        Assert.Equal("Meadowbank", found.Of("RZ1"));
        Assert.Equal(["?code=RZ1", "?code=RZ1&code=RZ2", "?code=RZ1"], _directory.Asked);
    }

    private sealed class Directory : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        public bool IsAway { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Asked.Add(request.RequestUri!.Query);
            // As the handler with the person's token has it.
            return IsAway
                ? throw new ServiceUnavailableException("What trusts send")
                : Task.FromResult(
                    new HttpResponseMessage(HttpStatusCode.OK)
                    {
                        Content = new StringContent(
                            """
                            {"organisations":[{"code":"RZ1","name":"Meadowbank","kind":"trust","source":"own","status":"active","successors":[]}]}
                            """,
                            System.Text.Encoding.UTF8,
                            "application/json"
                        ),
                    }
                );
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
