using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Safeguarding.Hosting.Access;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages;

/// <summary>Whatever could not be shown, at the address that was asked for.</summary>
[AllowAnonymous]
[DisableRateLimiting]
[IgnoreAntiforgeryToken]
public sealed class ProblemModel : PageModel
{
    internal int Status => Response.StatusCode;

    internal string Title =>
        Status switch
        {
            StatusCodes.Status403Forbidden => "You cannot open this page",
            StatusCodes.Status404NotFound => "Page not found",
            StatusCodes.Status503ServiceUnavailable => "Part of the service is not available",
            StatusCodes.Status429TooManyRequests => "Too many requests",
            StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge => "The form could not be taken",
            _ => "Something went wrong",
        };

    internal SignedInPerson? Person => SignedInPerson.Of(User);

    internal string? Missing =>
        HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error switch
        {
            ServiceUnavailableException unavailable => unavailable.Part,
            null => null,
            // Only sign-in is asked otherwise than by the services' clients.
            _ => "Sign-in",
        };

    /// <summary>The form that an unavailable service has not had; null where there was none, or a file.</summary>
    internal UnsentForm? Unsent =>
        HttpContext.Features.Get<IExceptionHandlerPathFeature>() is { Error: ServiceUnavailableException } handled
        && HttpMethods.IsPost(Request.Method)
        && Request.HasFormContentType
        && Request.Form.Files.Count == 0
            ? new UnsentForm(
                new PathString(handled.Path).ToUriComponent() + Request.QueryString,
                // With the token that it came with: a new one would vouch for a form that nobody has checked.
                [.. Request.Form.SelectMany(sent => sent.Value.Select(value => (sent.Key, value ?? "")))]
            )
            : null;

    internal string RequestId => Response.Headers["X-Request-Id"].ToString();

    internal IReadOnlyList<string> RolesThatMay { get; private set; } = [];

    /// <summary>Shows it.</summary>
    public PageResult OnGet() => Show();

    /// <summary>The answer to a form.</summary>
    public PageResult OnPost() => Show();

    internal sealed record UnsentForm(string Address, IReadOnlyList<(string Name, string Value)> Fields);

    private PageResult Show()
    {
        // Asked for by name it is no page.
        if (Status == StatusCodes.Status200OK)
            Response.StatusCode = StatusCodes.Status404NotFound;
        var asked = HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.Endpoint
            ?? HttpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        if (Person is { } person && asked?.Metadata.GetMetadata<AuthorizeAttribute>()?.Policy is { } scope)
        {
            RolesThatMay =
            [
                .. HubRoles
                    .All.Where(role =>
                        role.IsForPeople && role.Organisations.Contains(person.Kind) && role.Scopes.Contains(scope)
                    )
                    .Select(role => role.Role),
            ];
        }

        return Page();
    }
}
