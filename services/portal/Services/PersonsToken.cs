using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;

namespace Safeguarding.Portal.Services;

/// <summary>
/// Calls a service as the person at the browser, with their own access token, and makes of what no page can use an
/// exception that the pipeline answers.
/// </summary>
/// <param name="http">The request of the browser.</param>
/// <param name="part">What people miss where the service does not answer.</param>
internal sealed class PersonsToken(IHttpContextAccessor http, string part) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var browser = http.HttpContext!;
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await browser.GetTokenAsync("access_token") ?? throw new SessionEndedException()
        );
        HttpResponseMessage answer;
        try
        {
            answer = await base.SendAsync(request, cancellationToken);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException
                && !browser.RequestAborted.IsCancellationRequested
            )
        {
            throw new ServiceUnavailableException(part);
        }

        var refused = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new SessionEndedException(),
            HttpStatusCode.Forbidden => new ForbiddenException(),
            HttpStatusCode.NotFound => new NotFoundException(),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => (ServiceAnswerException)
                new ServiceUnavailableException(part),
            _ => null,
        };
        if (refused is null)
            return answer;
        answer.Dispose();
        throw refused;
    }
}
