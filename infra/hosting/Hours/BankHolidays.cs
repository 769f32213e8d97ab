using System.Text.Json;
using System.Text.Json.Serialization;

namespace Safeguarding.Hosting.Hours;

/// <summary>
/// The bank holidays of England, from the file that gov.uk publishes: a proclamation changes a file, not a
/// program.
/// </summary>
public sealed class BankHolidays
{
    private readonly HashSet<DateOnly> _days;

    private BankHolidays(HashSet<DateOnly> days) => (_days, Last) = (days, days.Max());

    /// <summary>The last one the file knows; after its year every weekday counts as a working day.</summary>
    public DateOnly Last { get; }

    /// <summary>Reads the file.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="InvalidDataException">The file is not gov.uk's, or has no day in it.</exception>
    public static BankHolidays Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return
                JsonSerializer.Deserialize<Published>(file, JsonSerializerOptions.Web)
                    is { EnglandAndWales.Events: { Count: > 0 } events }
                ? new BankHolidays([.. events.Select(holiday => holiday.Date)])
                : throw new InvalidDataException("Hours__BankHolidaysFile holds no bank holiday of england-and-wales.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                "Hours__BankHolidaysFile names no file in the form of https://www.gov.uk/bank-holidays.json.",
                exception
            );
        }
    }

    /// <summary>Whether it is one.</summary>
    /// <param name="day">The day.</param>
    public bool Include(DateOnly day) => _days.Contains(day);

    private sealed record Published([property: JsonPropertyName("england-and-wales")] Division? EnglandAndWales);

    private sealed record Division(IReadOnlyList<Holiday>? Events);

    private sealed record Holiday(DateOnly Date);
}
