using System.Text.RegularExpressions;
using Safeguarding.Contracts;

namespace Safeguarding.Seed.Init;

/// <summary>A part of the hub with a database role of its own and, if it sends or hears events, a broker user of its own.</summary>
internal sealed record Member(string Name, bool UsesBroker)
{
    public static readonly IReadOnlyList<Member> All =
    [
        new("plan-registry", UsesBroker: true),
        new("encounter-ingest", UsesBroker: true),
        new("matching", UsesBroker: true),
        new("notification", UsesBroker: true),
        new("identity", UsesBroker: false),
    ];

    /// <summary>The role and its one schema share a name.</summary>
    public string Schema => Name.Replace('-', '_');

    public string OwnQueues => $"{Name}-.*";

    public string EventsSent => AnyOf(sent => sent.Sender == Name);

    public string EventsHeard => AnyOf(sent => sent.Listeners.Contains(Name));

    private static string AnyOf(Func<EventAttribute, bool> wanted)
    {
        var names =
            from type in typeof(EventAttribute).Assembly.GetExportedTypes()
            let mark = (EventAttribute?)Attribute.GetCustomAttribute(type, typeof(EventAttribute))
            where mark is not null && wanted(mark)
            select Regex.Escape(type.FullName!);
        return string.Join('|', names.Order(StringComparer.Ordinal));
    }
}
