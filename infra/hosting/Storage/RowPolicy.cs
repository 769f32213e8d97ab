namespace Safeguarding.Hosting.Storage;

/// <summary>
/// Which rows of a table the request role reaches, by row-level security: the second fence, behind the service's own
/// <c>WHERE</c>. A table without one is out of its reach.
/// </summary>
/// <param name="Table">The table.</param>
/// <param name="Own">A condition over a row: whether it is the organisation's. Null: no row is read.</param>
public sealed record RowPolicy(string Table, string? Own)
{
    /// <summary>In a condition: the organisation of the request; null or empty outside one.</summary>
    public const string Organisation = "(SELECT current_setting('hub.organisation', true))";

    /// <summary>What may be written; as <see cref="Own"/> where null.</summary>
    public string? Written { get; init; }

    /// <summary>
    /// What routes may do with rows of all organisations (<c>SELECT</c>, <c>INSERT</c> or <c>ALL</c>), by the name that
    /// they declare (<see cref="AcrossOrganisations"/>).
    /// </summary>
    public IReadOnlyDictionary<string, string> Across { get; init; } = new Dictionary<string, string>();

    /// <summary>What the request role may do at all.</summary>
    public string Privileges { get; init; } = "SELECT, INSERT, UPDATE, DELETE";

    /// <summary>The table is without row-level security: the service's own conditions alone protect its rows.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>The organisation stands in a column.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">Its column.</param>
    /// <param name="across">The names under which a route reads those of all.</param>
    public static RowPolicy By(string table, string column, params string[] across) =>
        new(table, $"{column} = {Organisation}") { Across = across.ToDictionary(name => name, _ => "SELECT") };

    /// <summary>The row is of whoever the row is of that it belongs to.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">The schema of both.</param>
    /// <param name="parent">Of the other table.</param>
    /// <param name="key">The column that names the other's <c>id</c>.</param>
    public static RowPolicy With(string table, string schema, RowPolicy parent, string key) =>
        // What is open across organisations there is not so here.
        new(
            table,
            $"EXISTS (SELECT FROM {schema}.{parent.Table} AS parent WHERE parent.id = {table}.{key} AND {parent.Own})"
        );

    /// <summary>Rows are added, and neither read nor changed.</summary>
    /// <param name="table">The table.</param>
    /// <param name="written">What may be added.</param>
    public static RowPolicy InsertOnly(string table, string written) =>
        new(table, null) { Written = written, Privileges = "INSERT" };

    /// <summary>No row-level security: say why where you use it.</summary>
    /// <param name="table">The table.</param>
    public static RowPolicy Open(string table) => new(table, null) { IsOpen = true };
}
