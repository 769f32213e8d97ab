using Microsoft.EntityFrameworkCore;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>Looks through every row of every table of the service, as whoever copied the database would.</summary>
internal static class AtRest
{
    public static async Task HoldsNothingOfAsync(Registry registry, params string[] secrets)
    {
        var tables = await registry.Service.Db(db =>
            db.Database.SqlQueryRaw<string>(
                    "SELECT table_name AS \"Value\" FROM information_schema.tables WHERE table_schema = 'plan_registry'"
                )
                .ToListAsync(Registry.Cancelled)
        );
        Assert.Contains("outbox", tables);
        foreach (var table in tables)
        {
            var everyRow = $"SELECT t::text AS \"Value\" FROM plan_registry.{table} t";
            var rows = await registry.Service.Db(db =>
                db.Database.SqlQueryRaw<string>(everyRow).ToListAsync(Registry.Cancelled)
            );
            foreach (var row in rows)
            {
                foreach (var secret in secrets)
                {
                    // Bytes are shown as hexadecimal: look for the text as such, too.
                    var hex = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(secret));
                    Assert.False(
                        row.Contains(secret, StringComparison.OrdinalIgnoreCase)
                            || row.Contains(hex, StringComparison.Ordinal),
                        $"{table} holds it in the open."
                    );
                }
            }
        }
    }
}
