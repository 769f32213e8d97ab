using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class Input_that_no_route_declares(Input_that_no_route_declares.Running running)
    : IClassFixture<Input_that_no_route_declares.Running>
{
    private const string Form = "/forms/0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"nmae":"x"}""", "field-unknown", "nmae", "Did you mean name?")]
    [InlineData("""{"dry_run":true}""", "field-unknown", "dry_run", "It takes")]
    [InlineData("""{"part":{"enable":true}}""", "field-unknown", "part.enable", "Did you mean enabled?")]
    [InlineData("""{"parts":[{},{"color":"red"}]}""", "field-unknown", "parts[1].color", "Did you mean colour?")]
    [InlineData("""{"byName":{"a":{"x":1}}}""", "field-unknown", "byName.a.x", "It takes colour, enabled.")]
    [InlineData("""{"name":"a","name":"b"}""", "field-repeated", "name", "more than once")]
    [InlineData("""{"name":"a","Name":"b"}""", "field-repeated", "Name", "more than once")]
    [InlineData("""{"colour":"green"}""", "body-unreadable", "colour", "must be one of deepBlue, red")]
    [InlineData("""{"colour":1}""", "body-unreadable", "colour", "must be one of deepBlue, red")]
    [InlineData(
        """{"parts":[{"colour":"DeepGreen"}]}""",
        "body-unreadable",
        "parts[0].colour",
        "must be one of deepBlue, red"
    )]
    [InlineData("""{"count":"many"}""", "body-unreadable", "count", "must be a whole number")]
    [InlineData("""{"day":"28/11/2026"}""", "body-unreadable", "day", "must be a date such as")]
    [InlineData("""{"part":"x"}""", "body-unreadable", "part", "must be an object")]
    [InlineData("""{"parts":{}}""", "body-unreadable", "parts", "must be a list")]
    [InlineData("[]", "body-unreadable", "the body", "must be an object")]
    [InlineData("{\n  \"name\": \"a\",\n}", "body-unreadable", null, "line 3")]
    [InlineData("", "body-missing", null, "none was sent")]
    public async Task A_body_is_refused_by_field_and_path_with_what_is_right(
        string body,
        string code,
        string? field,
        string words
    )
    {
        var before = SampleService.Filled;
        await Refused(await running.Client.PutAsync(Form, Json(body), Cancelled), code, field, words);
        Assert.Equal(before, SampleService.Filled);
    }

    [Theory]
    [InlineData("limit=1&limt=2", "parameter-unknown", "limt", "Did you mean limit?")]
    [InlineData("limit=1&dry_run=true", "parameter-unknown", "dry_run", "It takes after, colour, from, limit, number.")]
    [InlineData("limit=1&limit=2", "parameter-repeated", "limit", "once")]
    [InlineData("limit=1&LIMIT=2", "parameter-repeated", "limit", "once")]
    [InlineData("limit=ten", "request-unreadable", "limit", "must be a whole number")]
    [InlineData("limit=1&colour=green", "request-unreadable", "colour", "must be one of deepBlue, red")]
    [InlineData("limit=1&after=x", "request-unreadable", "after", "must be an id")]
    [InlineData("limit=1&from=yesterday", "request-unreadable", "from", "must be a time with its zone")]
    [InlineData("", "parameter-missing", "limit", "is missing")]
    [InlineData("limit=1&%3Cscript%3E=1", "parameter-unknown", "(a name that cannot be shown)", "no query parameter")]
    public async Task A_query_is_refused_by_parameter_with_what_is_right(
        string query,
        string code,
        string field,
        string words
    ) => await Refused(await running.Client.GetAsync($"/pages?{query}", Cancelled), code, field, words);

    [Fact]
    public async Task A_parameter_that_may_be_repeated_is_and_a_body_where_none_is_read_is_refused()
    {
        Assert.Equal(
            HttpStatusCode.OK,
            (await running.Client.GetAsync("/pages?limit=1&number=1&number=2", Cancelled)).StatusCode
        );
        await Refused(
            await running.Client.PostAsync("/notes/1", Json("""{"dry_run":true}"""), Cancelled),
            "body-not-taken",
            null,
            "no body"
        );
        Assert.Equal(
            HttpStatusCode.Accepted,
            (await running.Client.PostAsync("/notes/1", Json(" {} "), Cancelled)).StatusCode
        );
    }

    private static async Task Refused(HttpResponseMessage answer, string code, string? field, string words)
    {
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, (string?)problem["code"]));
        Assert.Contains(words, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(field, (string?)problem["errors"]?[0]!["field"]);
        Assert.Matches("^[0-9a-f]{32}$", (string?)problem["traceId"]);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public sealed class Running(HubServers servers) : IAsyncLifetime
    {
        private SampleService? _service;

        internal HttpClient Client => field ??= _service!.Client("note.write");

        public async ValueTask InitializeAsync() => _service = await SampleService.StartAsync(servers);

        public ValueTask DisposeAsync() => _service!.DisposeAsync();
    }
}
