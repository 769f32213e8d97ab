using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Operations.Refusals;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Safeguarding.EncounterIngest.Contacts;

/// <summary>
/// POST /contacts and POST /contacts/batch: what a police force reports of a child, into the same intake as encounters.
/// </summary>
internal sealed class SubmitContact(
    Intake intake,
    RefusalLog refusals,
    Sealer sealer,
    TimeProvider clock,
    IOptions<JsonOptions> json
)
{
    /// <summary>Of a batch; it is answered whole.</summary>
    public const int MostLines = 500;

    /// <summary>Of a batch's body, in bytes.</summary>
    public const int LargestBatch = 2 * 1024 * 1024;

    internal static async Task<Results<Created<ContactAnswer>, Ok<ContactAnswer>, ProblemHttpResult>> One(
        ContactDocument contact,
        Caller caller,
        SubmitContact submit
    )
    {
        var (stored, refused) = await submit.TakeAsync(contact, caller, "POST /contacts");
        if (refused is not null)
            return Refusal.Problem(refused.Status, refused.Code, refused.Detail, [.. refused.Errors]);
        return stored!.Result == ContactResult.Created
            ? TypedResults.Created((string?)null, stored)
            : TypedResults.Ok(stored);
    }

    /// <summary>Each line is taken or refused by itself.</summary>
    internal static async Task<Results<Ok<ContactBatchAnswer>, ProblemHttpResult>> Batch(
        HttpRequest request,
        Caller caller,
        SubmitContact submit,
        CancellationToken cancellationToken
    )
    {
        if (
            request.ContentType?.Split(';')[0].Trim().ToLowerInvariant()
            is not ("application/x-ndjson" or "application/ndjson")
        )
        {
            return Refusal.Problem(
                StatusCodes.Status415UnsupportedMediaType,
                "media-type-unsupported",
                "Send application/x-ndjson: one contact a line, in UTF-8."
            );
        }

        var lines = new List<ContactLine>();
        var number = 0;
        using var reader = new StreamReader(request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } text)
            {
                number++;
                if (string.IsNullOrWhiteSpace(text))
                    continue;
                if (lines.Count == MostLines)
                {
                    lines.Add(
                        new(
                            number,
                            null,
                            "too-many-lines",
                            $"A batch has at most {MostLines} lines; send this and what follows again.",
                            []
                        )
                    );
                    break;
                }

                lines.Add(await submit.LineAsync(number, text, caller));
            }
        }
        catch (DecoderFallbackException)
        {
            lines.Add(
                new(
                    number + 1,
                    null,
                    "encoding",
                    "From here on the batch cannot be read as UTF-8; send this line and what follows again.",
                    []
                )
            );
        }

        return lines.Count == 0
            ? Refusal.Problem(StatusCodes.Status400BadRequest, "batch-empty", "The batch has no line.")
            : TypedResults.Ok(new ContactBatchAnswer(lines));
    }

    private async Task<ContactLine> LineAsync(int number, string text, Caller caller)
    {
        ContactDocument? contact;
        try
        {
            contact = JsonSerializer.Deserialize<ContactDocument>(text, json.Value.SerializerOptions);
        }
        catch (JsonException exception)
        {
            // Not its text, which quotes the value.
            var field = exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "line";
            Record(caller, "POST /contacts/batch", "contact-unreadable", null, []);
            return new(
                number,
                null,
                "contact-unreadable",
                "The line cannot be read as a contact.",
                [new FieldError(Known(field), "is not a field of a contact, or has a value that cannot be read.")]
            );
        }

        var (stored, refused) = await TakeAsync(contact ?? new(null, null, null), caller, "POST /contacts/batch");
        return refused is null
            ? new(number, stored, null, null, [])
            : new(number, null, refused.Code, refused.Detail, [.. refused.Errors.Take(Refusal.MostErrors)]);
    }

    private async Task<(ContactAnswer? Stored, Refused? Refused)> TakeAsync(
        ContactDocument contact,
        Caller caller,
        string route
    )
    {
        var errors = new List<FieldError>();
        if (ValidateContact.From(contact, clock.GetUtcNow(), errors) is not { } submission)
        {
            Record(caller, route, "contact-invalid", errors[0].Field, Subjects(contact, caller));
            return (
                null,
                new(
                    StatusCodes.Status400BadRequest,
                    "contact-invalid",
                    "The contact cannot be taken like this.",
                    errors
                )
            );
        }

        try
        {
            var stored = (await intake.SubmitAsync([Intent.Of(caller, submission, Condition.None, sealer)]))[0];
            return (
                new ContactAnswer(
                    stored.Encounter!.Id,
                    stored.Encounter.Version,
                    stored.Result switch
                    {
                        SubmissionResult.Created => ContactResult.Created,
                        SubmissionResult.Updated => ContactResult.Updated,
                        SubmissionResult.Older => ContactResult.Older,
                        _ => ContactResult.Repeated,
                    }
                ),
                null
            );
        }
        catch (NotStoredException notStored)
        {
            return (
                null,
                new(
                    StatusCodes.Status503ServiceUnavailable,
                    notStored.Kind.Code,
                    "Not stored, or not known to be: send the same again.",
                    []
                )
            );
        }
    }

    // So that the refusal is closed once the same contact is taken.
    private IReadOnlyList<byte[]> Subjects(ContactDocument contact, Caller caller) =>
        contact.Event is { Kind: { } kind, IncidentNumber: { Length: > 0 } number }
            ? [IdentifierKeys.Compute(caller.Organisation, ValidateContact.Identifier(kind, number), sealer).Macs[0]]
            : [];

    private void Record(Caller caller, string route, string code, string? path, IReadOnlyList<byte[]> subjects) =>
        refusals.Refused(new RefusedItem(caller.Organisation, route, code, path, subjects, caller.Request?.RequestId));

    // A field that nobody declares may be anything, a name too.
    private static string Known(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '[' or ']') && path.Length <= 60 ? path : "line";

    private sealed record Refused(int Status, string Code, string Detail, IReadOnlyList<FieldError> Errors);
}

/// <summary>The lines of a batch, in their order.</summary>
/// <param name="Lines">One for each line that is not empty.</param>
internal sealed record ContactBatchAnswer(IReadOnlyList<ContactLine> Lines);

/// <param name="Line">From 1.</param>
/// <param name="Contact">What was made of it; null where it was refused.</param>
/// <param name="Code">Why it was refused; null where it was taken.</param>
/// <param name="Detail">The same in words.</param>
/// <param name="Errors">The fields at fault; the first 20 are named.</param>
internal sealed record ContactLine(
    int Line,
    ContactAnswer? Contact,
    string? Code,
    string? Detail,
    IReadOnlyList<FieldError> Errors
);
