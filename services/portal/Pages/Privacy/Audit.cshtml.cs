using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Hosting;
using Safeguarding.Hosting.Audit;
using Safeguarding.Portal.Services;
using Safeguarding.Portal.SignIn;
using Safeguarding.Portal.Words;

namespace Safeguarding.Portal.Pages.Privacy;

/// <summary>
/// What the organisation's own people and systems did, and what others did that concerns its children. Newest first.
/// </summary>
/// <param name="trail">The audit of all services.</param>
/// <param name="proofs">What they have signed of it.</param>
[Authorize("audit.read")]
public sealed class AuditModel(AuditTrail trail, AuditProofs proofs) : PageModel
{
    private const string Own = "own";
    private const string Others = "others";
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

    /// <summary>Only this act.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Act { get; set; }

    /// <summary>Only what was done to the alert, plan or other record of this id.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Record { get; set; }

    /// <summary><c>own</c> or <c>others</c>; both where not given.</summary>
    [BindProperty(SupportsGet = true)]
    public string? By { get; set; }

    /// <summary>
    /// Where the page before ended: for each service the id of its last record, as the next link has it.
    /// </summary>
    [BindProperty(SupportsGet = true)]
    public string? Before { get; set; }

    internal IReadOnlyList<AuditEntry> Entries { get; private set; } = [];

    internal IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>The address of the next page; null where there is none.</summary>
    internal string? Next { get; private set; }

    /// <summary>What each service has signed of its audit; null where it was not asked for.</summary>
    internal IReadOnlyList<AuditProof>? Proofs { get; private set; }

    private AuditQuery Query =>
        new(From, To, Refused, Act, Record, By == Own ? Organisation : null, By == Others ? Organisation : null);

    private string Organisation => SignedInPerson.Of(User)!.Organisation;

    /// <summary>Reads a page.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (Fault() is var (field, message))
        {
            ModelState.Clear();
            ModelState.AddModelError(field, message);
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
        if (Fault() is not null)
            return BadRequest();
        var csv = new StringBuilder(
            "when,service,act,outcome,organisation,client,person,role,subject,purpose,id,chain_position\r\n"
        );
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

    /// <summary>The same as one FHIR Bundle of AuditEvents.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetFhirAsync(CancellationToken cancellationToken)
    {
        if (Fault() is not null)
            return BadRequest();
        var entries = new JsonArray();
        var cursors = new Dictionary<string, Guid>();
        while (entries.Count < MostInCsv)
        {
            var parts = await trail.ReadResourcesAsync(Query, cursors, AtOnceInCsv, cancellationToken);
            if (parts.FirstOrDefault(part => part.Missing is not null) is { Missing: { } missing })
                throw new ServiceUnavailableException(missing);
            var newest = parts
                .SelectMany(part => part.Value ?? [])
                .OrderByDescending(record => record.Id)
                .Take(Math.Min(AtOnceInCsv, MostInCsv - entries.Count))
                .ToList();
            if (newest is [])
                break;
            foreach (var record in newest)
            {
                cursors[record.Service] = record.Id;
                entries.Add(new JsonObject { ["fullUrl"] = $"urn:uuid:{record.Id}", ["resource"] = record.Resource });
            }
        }

        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "collection" };
        // FHIR knows no empty list.
        if (entries.Count > 0)
            bundle["entry"] = entries;
        return File(Encoding.UTF8.GetBytes(bundle.ToJsonString()), "application/fhir+json", "audit.json");
    }

    /// <summary>What each service has signed, and how many records of the organisation are under it.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IActionResult> OnGetProofAsync(CancellationToken cancellationToken)
    {
        var parts = await proofs.ReadAsync(cancellationToken);
        Proofs = [.. parts.Select(part => part.Value).OfType<AuditProof>()];
        var page = await OnGetAsync(cancellationToken);
        Missing = [.. Missing.Concat(parts.Select(part => part.Missing).OfType<string>()).Distinct()];
        if (Missing.Count > 0)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return page;
    }

    internal string ProofAddress => $"{Address("/audit", new Dictionary<string, Guid>())}&handler=proof";

    internal string FhirAddress => $"{Address("/audit", new Dictionary<string, Guid>())}&handler=fhir";

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

    private (string Field, string Message)? Fault()
    {
        if (ModelState.GetFieldValidationState(nameof(Record)) == ModelValidationState.Invalid)
            return (nameof(Record), "Enter the id as a record shows it, such as 0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f");
        if (ModelState.ErrorCount > 0 || To == DateOnly.MaxValue)
            return (nameof(From), "Enter days as on a calendar, such as 2026-11-29");
        if (Act is not null && AuditedActs.Get(Act) is null)
            return (nameof(Act), "Enter an act as a record shows it, such as plan.read");
        return By is null or Own or Others ? null : (nameof(By), "Select whose acts to show");
    }

    private string Address(string path, IReadOnlyDictionary<string, Guid> cursors)
    {
        var address = new StringBuilder(path).Append("?refused=").Append(Refused ? "true" : "false");
        if (From is { } from)
            address.Append(CultureInfo.InvariantCulture, $"&from={from:yyyy-MM-dd}");
        if (To is { } to)
            address.Append(CultureInfo.InvariantCulture, $"&to={to:yyyy-MM-dd}");
        if (Act is not null)
            address.Append("&act=").Append(Uri.EscapeDataString(Act));
        if (Record is { } record)
            address.Append(CultureInfo.InvariantCulture, $"&record={record}");
        if (By is not null)
            address.Append("&by=").Append(By);
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
            entry.Position?.ToString(CultureInfo.InvariantCulture),
        ];
}
