using System.Text.Json;
using Safeguarding.PlanRegistry.Domain.Plans;
using Safeguarding.PlanRegistry.Domain.Uploads;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Reads and validates one line of an NDJSON upload: a flat object whose property names are the columns and whose
/// values are text.
/// </summary>
internal static class NdjsonLine
{
    public static UploadLine Validate(ReadOnlySpan<byte> utf8, DateOnly today)
    {
        var values = new string?[UploadColumn.All.Count];
        var error = Read(utf8, values);
        if (error is null)
            return ValidateLine.From(values, today);
        var guess = PlanReference.Read(values[0], new ValidationErrors());
        return new UploadLine.Refused(guess, IsSure: false, [error]);
    }

    public static UploadLine TooLong(ReadOnlySpan<byte> beginning)
    {
        var values = new string?[UploadColumn.All.Count];
        Read(beginning, values);
        return new UploadLine.Refused(
            PlanReference.Read(values[0], new ValidationErrors()),
            IsSure: false,
            [new ValidationError(null, LineReader.TooLongCode, LineReader.TooLongWords)]
        );
    }

    private static ValidationError? Read(ReadOnlySpan<byte> utf8, string?[] values)
    {
        try
        {
            var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 2 });
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return new ValidationError(null, "json", "The line must be one JSON object.");
            var seen = new bool[values.Length];
            for (var position = 1; json.Read() && json.TokenType == JsonTokenType.PropertyName; position++)
            {
                if (UploadColumn.Find(json.GetString()!) is not { } column)
                {
                    return new ValidationError(
                        null,
                        "column-unknown",
                        $"Property {position} is not a column that the hub knows. Rename or remove it."
                    );
                }

                if (seen[column.Index])
                {
                    return new ValidationError(
                        LineValues.FieldOf(column),
                        "column-twice",
                        "This column is there more than once."
                    );
                }

                seen[column.Index] = true;
                json.Read();
                if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                {
                    return new ValidationError(
                        LineValues.FieldOf(column),
                        "json-text",
                        "Every value is text in quotes, or null."
                    );
                }

                values[column.Index] = json.GetString();
            }

            // Reading on past the object finds a second one on the same line, which the reader refuses.
            json.Read();
            return null;
        }
        catch (JsonException)
        {
            return new ValidationError(
                null,
                "json",
                "The line is not well-formed JSON, or not valid UTF-8: one flat object on each line."
            );
        }
        catch (InvalidOperationException)
        {
            // What Utf8JsonReader throws for text that is no valid Unicode (half a surrogate pair, broken UTF-8).
            return new ValidationError(null, "encoding", "The line has text that is not valid UTF-8.");
        }
    }
}
