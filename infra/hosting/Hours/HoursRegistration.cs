using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Safeguarding.Hosting.Hours;

/// <summary>The bank holidays by which a council's office is open or closed.</summary>
public static class HoursRegistration
{
    private static readonly string Shipped = Path.Combine(
        AppContext.BaseDirectory,
        "Hours",
        "bank-holidays-england.json"
    );

    /// <summary>
    /// Reads the file while the service starts, so that one that cannot be read is not found out on a bank
    /// holiday.
    /// </summary>
    /// <param name="builder">The service's.</param>
    public static void AddOfficeHours(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton(
            BankHolidays.Read(builder.Configuration["Hours:BankHolidaysFile"] is { Length: > 0 } path ? path : Shipped)
        );
}
