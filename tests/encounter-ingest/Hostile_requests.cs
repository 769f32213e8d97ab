using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests;

public sealed class Hostile_requests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _trust = service.Under.Client("RZZ", "encounter.submit");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_are_answered_4xx_without_a_word_of_theirs_and_the_next_one_is_served()
    {
        foreach (var (name, (body, xml, _)) in Hostile_documents.Bodies)
        {
            foreach (var address in new[] { "/fhir/Encounter", "/fhir", "/fhir/$process-message" })
            {
                var answer = await _trust.PostAsync(
                    address,
                    Samples.AsFhir(body, xml ? "application/fhir+xml" : "application/fhir+json"),
                    Cancelled
                );
                var text = await answer.Content.ReadAsStringAsync(Cancelled);
                Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{name}: {answer.StatusCode}");
                Assert.True(text.Length < 16 * 1024, $"{name}: {text.Length} characters");
                Assert.DoesNotContain(Hostile_documents.Canary, text, StringComparison.Ordinal);
                Assert.Contains("OperationOutcome", text, StringComparison.Ordinal);
            }
        }

        var good = await _trust.PostAsync("/fhir/Encounter", Samples.Encounter().AsJson(), Cancelled);
        Assert.Equal(HttpStatusCode.Created, good.StatusCode);
    }

    [Fact]
    public async Task A_body_beyond_the_cap_is_413_with_and_without_a_length_and_in_gzip()
    {
        var large = new string(' ', 300 * 1024);
        var chunked = new HttpRequestMessage(HttpMethod.Post, "/fhir/Encounter") { Content = Samples.AsFhir(large) };
        chunked.Headers.TransferEncodingChunked = true;
        var bomb = Gzip(new string(' ', 30_000_000));

        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await _trust.PostAsync("/fhir/Encounter", Samples.AsFhir(large), Cancelled)).StatusCode
        );
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _trust.SendAsync(chunked, Cancelled)).StatusCode);
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await _trust.PostAsync("/fhir/Encounter", bomb, Cancelled)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.Created,
            (await _trust.PostAsync("/fhir/Encounter", Gzip(Samples.Encounter().ToJsonString()), Cancelled)).StatusCode
        );
    }

    [Theory]
    [InlineData("text/plain", null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-16", null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/fhir+json; fhirVersion=3.0", null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/fhir+json; fhirVersion=4.0", null, HttpStatusCode.Created)]
    [InlineData("application/json", "text/html", HttpStatusCode.NotAcceptable)]
    [InlineData("application/json", "text/html, application/*;q=0.5", HttpStatusCode.Created)]
    [InlineData("application/fhir+json", "application/fhir+xml", HttpStatusCode.Created)]
    public async Task Media_types_are_held_to(string sent, string? accepted, HttpStatusCode status)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/Encounter")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Samples.Encounter().ToJsonString())),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(sent);
        if (accepted is not null)
            request.Headers.Add("Accept", accepted);
        var answer = await _trust.SendAsync(request, Cancelled);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(
            accepted == "application/fhir+xml" ? "application/fhir+xml" : "application/fhir+json",
            answer.Content.Headers.ContentType!.MediaType
        );
    }

    [Fact]
    public async Task Without_a_token_or_its_scope_the_refusal_is_an_OperationOutcome_too()
    {
        var nobody = await service
            .Under.Anonymous()
            .PostAsync("/fhir/Encounter", Samples.Encounter().AsJson(), Cancelled);
        var other = await service
            .Under.Client("RZZ", "plan.read")
            .PostAsync("/fhir/Encounter", Samples.Encounter().AsJson(), Cancelled);
        var nowhere = await _trust.GetAsync("/fhir/Patient/1", Cancelled);

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound],
            [nobody.StatusCode, other.StatusCode, nowhere.StatusCode]
        );
        foreach (var answer in new[] { nobody, other, nowhere })
        {
            Assert.Contains(
                "OperationOutcome",
                await answer.Content.ReadAsStringAsync(Cancelled),
                StringComparison.Ordinal
            );
        }
    }

    private static ByteArrayContent Gzip(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
