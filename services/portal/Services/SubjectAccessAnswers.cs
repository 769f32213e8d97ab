using System.Net;
using System.Net.Http.Json;
using Safeguarding.Hosting.SubjectAccess;
using Safeguarding.Messaging;

namespace Safeguarding.Portal.Services;

/// <summary>
/// What the council holds of one person, gathered from the services. All three answer in one shape, which is the
/// services' own.
/// </summary>
/// <param name="http">Clients with the person's token.</param>
public sealed class SubjectAccessAnswers(IHttpClientFactory http)
{
    /// <summary>Asks the services; one that does not answer is among the missing.</summary>
    /// <param name="nhsNumber">The person's; or instead <paramref name="plan"/>.</param>
    /// <param name="plan">The council's reference of a plan.</param>
    /// <param name="releases">What is to be shown of what is withheld.</param>
    /// <param name="cancellationToken">The request's.</param>
    internal async Task<SubjectAnswer> AskAsync(
        string? nhsNumber,
        string? plan,
        IReadOnlyList<SubjectRelease> releases,
        CancellationToken cancellationToken
    )
    {
        var missing = new List<string>();
        var isRefused = false;
        var export = await SubjectAccessExport.GatherAsync(nhsNumber, plan, releases, AskServiceAsync);
        return new(export, missing, isRefused);

        async Task<SubjectAccessDocument?> AskServiceAsync(string service, object body)
        {
            try
            {
                using var client = http.CreateClient(service);
                using var answer = await client.PostAsJsonAsync(
                    new Uri("subject-access", UriKind.Relative),
                    body,
                    HubJson.Options,
                    cancellationToken
                );
                if (answer.StatusCode != HttpStatusCode.BadRequest)
                {
                    answer.EnsureSuccessStatusCode();
                    return await answer.Content.ReadFromJsonAsync<SubjectAccessDocument>(
                        HubJson.Options,
                        cancellationToken
                    );
                }

                isRefused = true;
                return null;
            }
            catch (ServiceUnavailableException exception)
            {
                missing.Add(exception.Part);
                return null;
            }
        }
    }
}

/// <summary>What the services answered.</summary>
/// <param name="Export">Null where plan-registry, which knows the person, did not answer.</param>
/// <param name="Missing">What people miss of services that did not answer.</param>
/// <param name="IsRefused">Whether a service refused what was released.</param>
internal sealed record SubjectAnswer(SubjectAccessExport? Export, IReadOnlyList<string> Missing, bool IsRefused);
