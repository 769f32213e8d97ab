using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Contracts;
using Safeguarding.Hosting.SubjectAccess;
using Safeguarding.Messaging;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.SubjectAccess;

/// <summary>
/// What the council holds of a person who asks: all of it, with what is withheld and why; items are released one by one
/// with a reason. Who is asked about, and what was released, goes from form to form: nothing of it is kept here, and
/// none of it is in an address.
/// </summary>
/// <param name="services">The services.</param>
[Authorize("subject.export")]
public sealed class SubjectAccessModel(SubjectAccessAnswers services) : PageModel
{
    internal const int LongestReason = 1_000;

    // Of a field with the reason for an item; the item's name follows.
    private const string Because = "because/";

    private static readonly JsonSerializerOptions s_indented = new(HubJson.Options) { WriteIndented = true };

    /// <summary>A plan's reference or an NHS number.</summary>
    [BindProperty]
    public string? Person { get; set; }

    internal SubjectAccessExport? Export { get; private set; }

    internal IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>What is shown though it would be withheld, with the reasons.</summary>
    internal IReadOnlyList<SubjectRelease> Released { get; private set; } = [];

    internal static string FieldOf(string item) => Because + item;

    /// <summary>Asks, with what has been released.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var releases = ReadReleases();
        // The form of a record says how much was released before it, and where its first reason is.
        if (int.TryParse(Request.Form["before"], out var before) && releases.Count <= before)
            ModelState.AddModelError(FieldOf($"{Request.Form["first"]}"), "Say why what you release may be shown");
        await ReadAsync(ModelState.IsValid ? releases : [.. releases.Where(IsUsable)], cancellationToken);
        return Page();
    }

    /// <summary>The same as a file.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnPostDownloadAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(ReadReleases(), cancellationToken);
        if (!ModelState.IsValid)
            return Page();
        // A file that lacks a service's part would look whole.
        if (Missing is [var missing, ..])
            throw new ServiceUnavailableException(missing);
        return File(
            JsonSerializer.SerializeToUtf8Bytes(Export, s_indented),
            "application/json; charset=utf-8",
            "subject-access.json"
        );
    }

    private List<SubjectRelease> ReadReleases()
    {
        var releases = new List<SubjectRelease>();
        foreach (var (name, value) in Request.Form)
        {
            if (!name.StartsWith(Because, StringComparison.Ordinal) || string.IsNullOrWhiteSpace(value))
                continue;
            releases.Add(new(name[Because.Length..], value.ToString().Trim()));
            if (!IsUsable(releases[^1]))
                ModelState.AddModelError(name, $"Say why in at most {LongestReason} characters");
        }

        return releases;
    }

    private static bool IsUsable(SubjectRelease release) => release.Reason is { Length: <= LongestReason };

    private async Task ReadAsync(IReadOnlyList<SubjectRelease> releases, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Person))
        {
            ModelState.AddModelError(nameof(Person), "Enter a plan reference or an NHS number");
            return;
        }

        var person = Person.Trim();
        var isNumber = NhsNumber.TryParse(person, out _);
        try
        {
            var answer = await AskAsync(releases);
            if (answer.IsRefused)
            {
                ModelState.AddModelError(
                    "",
                    "Something that you released is no longer held, or nobody may release it here. What is held now is "
                        + "shown, and nothing of it is released"
                );
                releases = [];
                answer = await AskAsync(releases);
            }

            (Export, Missing, Released) = (answer.Export, answer.Missing, releases);
            if (Missing.Count > 0)
                Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (NotFoundException)
        {
            ModelState.AddModelError(
                nameof(Person),
                "Your council has no plan with this reference, and it is no NHS number. Check what you entered"
            );
        }

        Task<SubjectAnswer> AskAsync(IReadOnlyList<SubjectRelease> released) =>
            services.AskAsync(isNumber ? person : null, isNumber ? null : person, released, cancellationToken);
    }
}
