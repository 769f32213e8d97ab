using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Practice;

/// <summary>Calls the services' public APIs as a made-up organisation's system does.</summary>
/// <param name="http">Clients without a token.</param>
/// <param name="configuration">Where the services are.</param>
/// <param name="tokens">Of the systems.</param>
public sealed class PracticeSystems(IHttpClientFactory http, IConfiguration configuration, PracticeTokens tokens)
{
    internal const string Registry = "plan-registry";
    internal const string Intake = "encounter-ingest";

    private const string Fhir = "application/fhir+json";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly JsonSerializerOptions Absent = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="client">Which system.</param>
    /// <param name="to">Which service.</param>
    /// <param name="method">How.</param>
    /// <param name="path">What.</param>
    /// <param name="body">JSON; null where there is none.</param>
    /// <param name="ifMatch">A condition.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <returns>Its answer: a success, or 404 or 412, where there was nothing.</returns>
    internal async Task<PracticeAnswer> SendAsync(
        string client,
        string to,
        HttpMethod method,
        string path,
        object? body,
        (string Name, string Value)? ifMatch,
        CancellationToken cancellationToken
    )
    {
        var service = ServiceClients.Get(to);
        using var request = new HttpRequestMessage(method, new Uri(new Uri(configuration[service.Setting]!), path));
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await tokens.GetAsync(client, cancellationToken)
        );
        if (ifMatch is { } condition)
            request.Headers.TryAddWithoutValidation(condition.Name, condition.Value);
        var isFhir = path.StartsWith("fhir/", StringComparison.Ordinal);
        if (isFhir)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Fhir));
        if (body is not null)
        {
            request.Content = JsonContent.Create(
                body,
                new MediaTypeHeaderValue(isFhir ? Fhir : "application/json"),
                Absent
            );
        }

        using var caller = http.CreateClient();
        caller.Timeout = Patience;
        try
        {
            using var answer = await caller.SendAsync(request, cancellationToken);
            if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed)
                return new PracticeAnswer(false, null);
            // What the hub refuses of a story is a mistake in its file, or another council's child.
            if (!answer.IsSuccessStatusCode)
                throw new ServiceUnavailableException(service.Part);
            return new PracticeAnswer(
                true,
                answer.Content.Headers.ContentLength == 0
                    ? null
                    : await answer.Content.ReadFromJsonAsync<JsonElement?>(cancellationToken)
            );
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            throw new ServiceUnavailableException(service.Part);
        }
    }
}

/// <param name="IsDone">False where there was nothing, or something already.</param>
/// <param name="Body">What was answered.</param>
internal sealed record PracticeAnswer(bool IsDone, JsonElement? Body);
