using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Hosting.Storage;

/// <summary>
/// The worker role makes and drops the daily partitions of a service, and owns no table: it does so by functions of the
/// owner that take nothing but a table of the list and a day.
/// </summary>
public static class DayPartitions
{
    /// <summary>Makes <c>make_day(table, day)</c> and <c>drop_day(table, day)</c>.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="schema">The service's schema.</param>
    /// <param name="midnight">Makes a bound of a day, such as <c> 00:00:00+00</c>; empty where it is a date.</param>
    /// <param name="tables">The partitioned tables.</param>
    public static void CreateDayFunctions(
        this MigrationBuilder migration,
        string schema,
        string midnight,
        params string[] tables
    ) => migration.Sql(Sql(schema, midnight, tables));

    /// <summary>Drops them.</summary>
    public static void DropDayFunctions(this MigrationBuilder migration, string schema) =>
        migration.Sql($"DROP FUNCTION {schema}.make_day, {schema}.drop_day;");

    internal static string Sql(string schema, string midnight, params string[] tables)
    {
        var known = string.Join(", ", tables.Select(table => $"'{table}'"));
        string Function(string name, string statement) =>
            $"""
                CREATE FUNCTION {schema}.{name}(parent text, day date) RETURNS void
                    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
                    BEGIN
                        IF parent NOT IN ({known}) THEN
                            RAISE EXCEPTION 'not a table of days' USING ERRCODE = 'insufficient_privilege';
                        END IF;
                        EXECUTE {statement};
                    END $$;
                """;
        return Function(
                "make_day",
                $"""
                format('CREATE TABLE IF NOT EXISTS {schema}.%I PARTITION OF {schema}.%I FOR VALUES FROM (%L) TO (%L)',
                        parent || '_' || to_char(day, 'YYYYMMDD'), parent,
                        to_char(day, 'YYYY-MM-DD') || '{midnight}', to_char(day + 1, 'YYYY-MM-DD') || '{midnight}')
                """
            )
            + Function(
                "drop_day",
                $"format('DROP TABLE IF EXISTS {schema}.%I', parent || '_' || to_char(day, 'YYYYMMDD'))"
            );
    }
}
