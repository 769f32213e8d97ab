using Safeguarding.Notification.Domain.Hours;

namespace Safeguarding.Notification.Delivery;

internal static class HoursHosting
{
    private static readonly string Shipped = Path.Combine(
        AppContext.BaseDirectory,
        "Domain",
        "Hours",
        "bank-holidays-england.json"
    );

    /// <summary>
    /// Reads the file while the service starts, so that one that cannot be read is not found out on a bank
    /// holiday.
    /// </summary>
    public static void AddOfficeHours(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton(
            BankHolidays.Read(builder.Configuration["Hours:BankHolidaysFile"] is { Length: > 0 } path ? path : Shipped)
        );
}
