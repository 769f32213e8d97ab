using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Hosting;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.Words;

namespace Safeguarding.Portal.Pages.Privacy;

/// <summary>
/// What the organisation's own people and systems did, and what others did that concerns its children. Newest first.
/// </summary>
/// <param name="trail">The audit of all services.</param>
[Authorize("audit.read")]
public sealed class AuditModel(AuditTrail trail) : PageModel
{
    private const int AtOnce = 50;
    private const int AtOnceInCsv = 500;
    private const int MostInCsv = 5000;

    /// <summary>The first day, by the calendar of London.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    /// <summary>The last day.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? To { get; set; }

    /// <summary>Only what was refused.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Refused { get; set; }

    /// <summary>
    /// Where the page before ended: for each service the id of its last record, as the next link has it.
    /// </summary>
    [BindProperty(SupportsGet = true)]
    public string? Before { get; set; }

    internal IReadOnlyList<AuditEntry> Entries { get; private set; } = [];

    internal IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>The address of the next page; null where there is none.</summary>
    internal string? Next { get; private set; }

    private AuditQuery Query => new(From, To, Refused);

    /// <summary>Reads a page.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (ModelState.ErrorCount > 0)
        {
            ModelState.Clear();
            ModelState.AddModelError(nameof(From), "Enter days as on a calendar, such as 2026-11-29");
            return Page();
        }

        if (Cursors(Before) is not { } before)
            return NotFound();
        var parts = await trail.ReadAsync(Query, before, AtOnce, cancellationToken);
        Missing = [.. parts.Select(part => part.Missing).OfType<string>()];
        if (Missing.Count > 0)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        (Entries, var cursors) = Merge(parts, AtOnce, before);
        if (parts.Sum(part => part.Value?.Count ?? 0) > Entries.Count)
            Next = Address("/audit", cursors);
        return Page();
    }

    /// <summary>The same as a file, of at most 5,000 records.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetCsvAsync(CancellationToken cancellationToken)
    {
        if (ModelState.ErrorCount > 0)
            return BadRequest();
        var csv = new StringBuilder("when,service,act,outcome,organisation,client,person,role,subject,purpose,id\r\n");
        IReadOnlyDictionary<string, Guid> cursors = new Dictionary<string, Guid>();
        for (var written = 0; written < MostInCsv; )
        {
            var parts = await trail.ReadAsync(Query, cursors, AtOnceInCsv, cancellationToken);
            // A file that lacks a service's part would look whole.
            if (parts.FirstOrDefault(part => part.Missing is not null) is { Missing: { } missing })
                throw new ServiceUnavailableException(missing);
            (var entries, cursors) = Merge(parts, AtOnceInCsv, cursors);
            if (entries is [])
                break;
            foreach (var entry in entries)
                csv.AppendJoin(',', Cells(entry).Select(CsvText.Cell)).Append("\r\n");
            written += entries.Count;
        }

        return File(Encoding.UTF8.GetBytes(csv.ToString()), "text/csv; charset=utf-8", "audit.csv");
    }

    internal string CsvAddress => $"{Address("/audit", new Dictionary<string, Guid>())}&handler=csv";

    /// <summary>The newest of all services, and where each is to go on.</summary>
    internal static (IReadOnlyList<AuditEntry> Entries, IReadOnlyDictionary<string, Guid> Cursors) Merge(
        IReadOnlyList<Part<IReadOnlyList<AuditEntry>>> parts,
        int count,
        IReadOnlyDictionary<string, Guid> cursors
    )
    {
        // Ids are of the time, and each service pages by them.
        List<AuditEntry> entries =
        [
            .. parts.SelectMany(part => part.Value ?? []).OrderByDescending(entry => entry.Id).Take(count),
        ];
        var next = cursors.ToDictionary();
        foreach (var entry in entries)
            next[entry.Service] = entry.Id;
        return (entries, next);
    }

    private string Address(string path, IReadOnlyDictionary<string, Guid> cursors)
    {
        var address = new StringBuilder(path).Append("?refused=").Append(Refused ? "true" : "false");
        if (From is { } from)
            address.Append(CultureInfo.InvariantCulture, $"&from={from:yyyy-MM-dd}");
        if (To is { } to)
            address.Append(CultureInfo.InvariantCulture, $"&to={to:yyyy-MM-dd}");
        if (cursors.Count > 0)
            address.Append("&before=").AppendJoin('.', cursors.Select(cursor => $"{cursor.Key}_{cursor.Value}"));
        return address.ToString();
    }

    private static Dictionary<string, Guid>? Cursors(string? text)
    {
        Dictionary<string, Guid> cursors = [];
        foreach (var cursor in text?.Split('.') ?? [])
        {
            if (cursor.Split('_') is not [var service, var record] || !Guid.TryParse(record, out var id))
                return null;
            cursors[service] = id;
        }

        return cursors;
    }

    private static IEnumerable<string?> Cells(AuditEntry entry) =>
        [
            UkTimes.Exact(entry.At),
            entry.Service,
            entry.Act,
            entry.Outcome,
            entry.Organisation,
            entry.Client,
            entry.Person,
            entry.Role,
            entry.Subject,
            entry.Purpose,
            entry.Id.ToString(),
        ];
}
