using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.PlanRegistry;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.TagHelpers;

namespace Safeguarding.Portal.Pages.Register;

/// <summary>
/// A file to check. It goes through to the plan registry as it comes and is kept nowhere here; always as a dry run, so
/// that a form that is sent twice does nothing twice.
/// </summary>
/// <param name="registry">The plan registry.</param>
/// <param name="antiforgery">Checks the form's token, which comes before the file.</param>
[Authorize("plan.write")]
[IgnoreAntiforgeryToken]
[DisableRequestSizeLimit]
public sealed class NewUploadModel(UploadClient registry, IAntiforgery antiforgery) : PageModel
{
    internal static readonly Choice[] Modes =
    [
        new("changes", "Only what changed", "Plans that are not in the file stay as they are."),
        new("full", "The whole register", "Running plans that are not in the file have ended."),
    ];

    private const string FileField = "Upload";
    private const string TokenHeader = "RequestVerificationToken";

    /// <summary>full or changes.</summary>
    public string? Mode { get; private set; }

    /// <summary>Asks for the file.</summary>
    /// <param name="mode">What is chosen already.</param>
    public void OnGet(string? mode) => Mode = mode;

    /// <summary>Sends it to be checked.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (FileForm.Of(Request) is not { } form)
            return BadRequest();
        var answer = await SendAsync(form, HttpContext.RequestAborted);
        // A browser shows no answer before it has sent everything.
        await form.DrainAsync(HttpContext.RequestAborted);
        return answer;
    }

    private async Task<IActionResult> SendAsync(FileForm form, CancellationToken cancellationToken)
    {
        if (form.IsTooLarge)
        {
            return Refused(
                "The file is larger than 256 MB. Send it in parts, as changes, or have your supplier send it compressed"
            );
        }

        Request.Headers[TokenHeader] = await form.FieldAsync("__RequestVerificationToken", cancellationToken);
        if (!await antiforgery.IsRequestValidAsync(HttpContext))
            return BadRequest();
        Mode = await form.FieldAsync(nameof(Mode), cancellationToken);
        if (Modes.All(one => one.Value != Mode))
            ModelState.AddModelError(nameof(Mode), "Select what is in the file");
        var (name, content) = await form.FileAsync(FileField, cancellationToken);
        if (name is [])
            return Refused("Choose a file");
        if (MediaTypeOf(name) is not { } type)
        {
            return Refused(
                "The file must be CSV, NDJSON or an Excel workbook (.xlsx). In Excel, save it as “CSV UTF-8”"
            );
        }

        if (!ModelState.IsValid)
            return Page();
        try
        {
            var upload = await registry.ReceiveUploadAsync(
                new FileParameter(content, null, type),
                mode: Mode,
                dryRun: "true",
                cancellationToken: cancellationToken
            );
            return RedirectToPage("/Register/Upload", new { upload.Id });
        }
        catch (ApiException<Problem> refused)
            when (refused.StatusCode
                    is >= StatusCodes.Status400BadRequest
                        and < StatusCodes.Status500InternalServerError
            )
        {
            return Refused(refused.Result.Detail ?? "The file was refused.");
        }
        catch (ServiceUnavailableException)
        {
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Refused(
                "The file could not be checked now: the register cannot be reached, or too many files of your council are "
                    + "still coming in. Nothing was changed. Send it again in a minute"
            );
        }
    }

    private PageResult Refused(string words)
    {
        ModelState.AddModelError(FileField, words);
        return Page();
    }

    private static string? MediaTypeOf(string name) =>
        Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" or ".txt" => "text/csv",
            ".ndjson" or ".jsonl" => "application/x-ndjson",
            ".json" => "application/json",
            ".xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _ => null,
        };
}
