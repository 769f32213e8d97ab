using System.Text.RegularExpressions;
using Npgsql;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Storage;

namespace Safeguarding.Cli.Setup;

/// <summary>
/// A part of the hub with a database role of its own and, if it sends or receives events, a broker user of its
/// own.
/// </summary>
internal sealed record Member(string Name, bool UsesBroker, bool KeepsAudit = true)
{
    public static readonly IReadOnlyList<Member> All =
    [
        new("plan-registry", UsesBroker: true),
        new("encounter-ingest", UsesBroker: true),
        new("matching", UsesBroker: true),
        new("notification", UsesBroker: true),
        new("identity", UsesBroker: false),
        // Whatever people see in it was recorded by the service that it asked.
        new("portal", UsesBroker: false, KeepsAudit: false),
    ];

    /// <summary>The file of the password of the login that owns the schema.</summary>
    public const string OwnerPassword = "Postgres__OwnerPassword";

    /// <summary>The login that owns it shares its name.</summary>
    public string Schema => Roles.Schema;

    public PostgresRoles Roles => PostgresRoles.OfService(Name);

    /// <summary>Whether it has a login for requests too (decision 34): what holds children's data.</summary>
    public bool HasRequestLogin => UsesBroker;

    /// <summary>The login that owns the schema, of the database that the service uses.</summary>
    public string OwnerConnection(SecretFolder secrets) =>
        new NpgsqlConnectionStringBuilder(secrets.Read($"{Name}/ConnectionStrings__Hub"))
        {
            Username = Roles.Owner,
            Password = secrets.Read($"{Name}/{OwnerPassword}"),
        }.ConnectionString;

    public static Member Get(string name) => All.Single(member => member.Name == name);

    public string OwnQueues => $"{Name}-.*";

    public string EventsSent => AnyOf(from e in Events where e.Mark.Sender == Name select e.WireName);

    public string EventsHeard => AnyOf(from e in Events where e.Mark.Listeners.Contains(Name) select e.WireName);

    /// <summary>Where a listener acknowledges events to their senders, who may then delete them.</summary>
    public string AcknowledgementsOwed =>
        AnyOf(from e in Events where e.Mark.Listeners.Contains(Name) select $"{e.Mark.Sender}-receipts");

    private static IEnumerable<(string WireName, EventAttribute Mark)> Events =>
        from type in typeof(EventAttribute).Assembly.GetExportedTypes()
        let mark = (EventAttribute?)Attribute.GetCustomAttribute(type, typeof(EventAttribute))
        where mark is not null
        select (type.FullName!, mark);

    private static string AnyOf(IEnumerable<string> names) =>
        string.Join('|', names.Distinct().Order(StringComparer.Ordinal).Select(Regex.Escape));
}
