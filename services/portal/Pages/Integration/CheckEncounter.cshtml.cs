using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>
/// What the hub would say of an Encounter or a Bundle, line by line. What was pasted is in this one answer, and is kept
/// nowhere.
/// </summary>
/// <param name="checks">Encounter ingest.</param>
/// <param name="antiforgery">Checks the form's token, once the form is known to be small enough to be read.</param>
[Authorize("encounter.validate")]
[IgnoreAntiforgeryToken]
[RequestSizeLimit(MostDrained)]
public sealed class CheckEncounterModel(EncounterChecks checks, IAntiforgery antiforgery) : PageModel
{
    // Of a form that is larger so much is read away, so that the browser shows why it is refused.
    private const long MostDrained = 64L * 1024 * 1024;
    private const long LargestForm = 1024 * 1024;

    /// <summary>What was pasted.</summary>
    public string? Resource { get; private set; }

    internal IReadOnlyList<EncounterIssue>? Issues { get; private set; }

    internal IReadOnlyList<SourceLine> Lines { get; private set; } = [];

    internal string? Missing { get; private set; }

    internal int Errors => Issues?.Count(issue => issue.Severity == EncounterIssue.Error) ?? 0;

    internal bool IsFine => Issues is [{ Severity: EncounterIssue.Information, Path: null }];

    /// <summary>Asks for a text.</summary>
    public void OnGet()
    {
        // Nothing to read.
    }

    /// <summary>Has it checked.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        var cancellationToken = HttpContext.RequestAborted;
        if (Request.ContentLength is not <= LargestForm)
        {
            await Request.Body.CopyToAsync(Stream.Null, cancellationToken);
            return Refused("The text is too large to be checked here. Paste fewer encounters at a time");
        }

        if (!await antiforgery.IsRequestValidAsync(HttpContext))
            return BadRequest();
        Resource = (await Request.ReadFormAsync(cancellationToken))[nameof(Resource)].ToString().TrimStart('\uFEFF');
        if (string.IsNullOrWhiteSpace(Resource))
            return Refused("Paste an Encounter or a Bundle, as JSON or XML");
        try
        {
            var issues = await checks.CheckAsync(Resource, cancellationToken);
            if (issues is [{ IsTooLarge: true } tooLarge])
                return Refused($"The text is larger than the hub takes. {tooLarge.Detail}".TrimEnd('.', ' '));
            (Issues, Lines) = (issues, SourceLine.Of(Resource, issues));
        }
        catch (ServiceUnavailableException exception)
        {
            Missing = exception.Part;
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }

        return Page();
    }

    private PageResult Refused(string words)
    {
        ModelState.AddModelError(nameof(Resource), words);
        return Page();
    }
}
