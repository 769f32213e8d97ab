using System.Globalization;
using System.Text.Json.Serialization;
using Safeguarding.Contracts.Councils;
using Safeguarding.PlanRegistry.Domain.Councils;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Councils;

/// <summary>A council's contacts as it writes them: the body of <c>PUT /councils/{code}</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CouncilDocument
{
    /// <summary>The council's name.</summary>
    public string? Name { get; init; }

    /// <summary>Telephone in office hours.</summary>
    public string? OfficePhone { get; init; }

    /// <summary>Telephone of the emergency duty team.</summary>
    public string? EmergencyDutyPhone { get; init; }

    /// <summary>Office hours, Europe/London; days not named are closed.</summary>
    public IReadOnlyList<OfficeHoursDocument?>? OfficeHours { get; init; }

    /// <summary>Days on which the emergency duty team answers all day.</summary>
    public IReadOnlyList<string?>? BankHolidays { get; init; }
}

/// <summary>Day is <c>monday</c> to <c>sunday</c>; times are <c>09:00</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OfficeHoursDocument(string? Day, string? Opens, string? Closes);

/// <summary>A council's contacts as they stand.</summary>
internal sealed record CouncilView(
    string Code,
    long Version,
    string Name,
    string OfficePhone,
    string EmergencyDutyPhone,
    IReadOnlyList<OfficeHoursDocument> OfficeHours,
    IReadOnlyList<DateOnly> BankHolidays,
    DateTimeOffset ChangedAt
)
{
    public static CouncilView Of(Council council) =>
        new(
            council.Code,
            council.Version,
            council.Name,
            council.OfficePhone,
            council.EmergencyDutyPhone,
            [.. council.OfficeHours.Select(Of)],
            council.BankHolidays,
            council.ChangedAt
        );

    private static OfficeHoursDocument Of(OfficeHours hours) =>
        new(
            hours.Day.ToString().ToLowerInvariant(),
            hours.Opens.ToString("HH:mm", CultureInfo.InvariantCulture),
            hours.Closes.ToString("HH:mm", CultureInfo.InvariantCulture)
        );
}

internal sealed record CouncilFacts(
    string Name,
    string OfficePhone,
    string EmergencyDutyPhone,
    IReadOnlyList<OfficeHours> OfficeHours,
    IReadOnlyList<DateOnly> BankHolidays
);

internal static class ValidateCouncil
{
    private const int MostHolidays = 400;

    public static CouncilFacts? From(CouncilDocument council, ValidationErrors errors)
    {
        var name = Required(PlainText.Read(council.Name, Field("name"), 200, errors), "name", errors);
        var office = Required(
            ValidateContacts.Phone(council.OfficePhone, Field("officePhone"), errors),
            "officePhone",
            errors
        );
        var emergency = Required(
            ValidateContacts.Phone(council.EmergencyDutyPhone, Field("emergencyDutyPhone"), errors),
            "emergencyDutyPhone",
            errors
        );
        var hours = Hours(council.OfficeHours ?? [], errors);
        var holidays = Holidays(council.BankHolidays ?? [], errors);
        return errors.Any || name is null || office is null || emergency is null
            ? null
            : new CouncilFacts(name, office, emergency, hours, holidays);
    }

    private static string? Required(string? value, string field, ValidationErrors errors)
    {
        if (value is null && !errors.All.Any(error => error.Field?.Json == field))
        {
            errors.Add(
                Field(field),
                "missing",
                "This is needed: it is what a clinician or the hub will use to reach you."
            );
        }

        return value;
    }

    private static List<OfficeHours> Hours(IReadOnlyList<OfficeHoursDocument?> days, ValidationErrors errors)
    {
        var read = new List<OfficeHours>();
        foreach (var day in days.Take(8))
        {
            if (
                !Enum.TryParse<DayOfWeek>(day?.Day, ignoreCase: true, out var weekday)
                || day!.Day!.Any(char.IsAsciiDigit)
            )
            {
                errors.Add(
                    Field("officeHours.day"),
                    "day-unknown",
                    "The day is monday, tuesday, wednesday, thursday, friday, saturday or sunday."
                );
            }
            else if (!Time(day.Opens, out var opens) || !Time(day.Closes, out var closes))
            {
                errors.Add(Field("officeHours"), "time-format", "Write times as 09:00.");
            }
            else if (closes <= opens)
            {
                errors.Add(
                    Field("officeHours.closes"),
                    "closes-before-opens",
                    "The office must close after it opens. Leave out a day on which it is closed."
                );
            }
            else if (read.Exists(known => known.Day == weekday))
            {
                errors.Add(Field("officeHours.day"), "day-twice", "Each day is named once.");
            }
            else
            {
                read.Add(new OfficeHours(weekday, opens, closes));
            }
        }

        return read;
    }

    private static bool Time(string? raw, out TimeOnly time) =>
        TimeOnly.TryParseExact(raw, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static DateOnly[] Holidays(IReadOnlyList<string?> days, ValidationErrors errors)
    {
        if (days.Count > MostHolidays)
            errors.Add(Field("bankHolidays"), "too-many", $"At most {MostHolidays} bank holidays can be kept.");
        return
        [
            .. days.Take(MostHolidays)
                .Select(day => PlanDate.Read(day, Field("bankHolidays"), errors))
                .OfType<DateOnly>()
                .Distinct()
                .Order(),
        ];
    }

    private static PlanField Field(string name) => new(name, name);
}
