using System.Reflection;
using Microsoft.Extensions.Configuration;
using Safeguarding.Contracts;

namespace Safeguarding.Hosting.Privacy;

/// <summary>
/// The key rings under which personal data crosses the broker: one for each two services of which one sends the other
/// an event with something sealed. The contracts say which those are.
/// </summary>
public static class SharedKeyRings
{
    internal const string Setting = "Keys:SharedDirectory";

    /// <summary>What each key ring's file is called, in a folder of its own.</summary>
    public const string FileName = "ring.json";

    private static readonly IReadOnlyList<EventAttribute> Sealing =
    [
        .. from type in typeof(EventAttribute).Assembly.GetExportedTypes()
        let mark = type.GetCustomAttribute<EventAttribute>()
        where mark is not null && HasSealed(type)
        select mark,
    ];

    /// <summary>Each two services that share one, in the order of their names.</summary>
    public static IReadOnlyList<(string One, string Other)> All { get; } =
    [
        .. Sealing
            .SelectMany(mark => mark.Listeners.Select(listener => InOrder(mark.Sender, listener)))
            .Distinct()
            .Order(),
    ];

    /// <summary>What the key ring of two services is called, whichever is named first.</summary>
    public static string NameOf(string one, string other)
    {
        var (first, second) = InOrder(one, other);
        return $"{first}-and-{second}";
    }

    /// <summary>The services with which this one shares a key ring.</summary>
    public static IReadOnlyList<string> PartnersOf(string service) =>
        [
            .. from two in All
            where two.One == service || two.Other == service
            select two.One == service ? two.Other : two.One,
        ];

    internal static string FileOf(string directory, string one, string other) =>
        Path.Combine(directory, NameOf(one, other), FileName);

    internal static string ListenerOf<TEvent>() => Listener<TEvent>.Name;

    internal static string? ValidationErrors(IConfiguration configuration, string service)
    {
        if (PartnersOf(service) is not { Count: > 0 } partners)
            return null;
        if (configuration[Setting] is not { Length: > 0 } directory)
        {
            return $"Keys__SharedDirectory is missing: the folder of the key rings that {service} shares with "
                + $"{string.Join(" and ", partners)}.";
        }

        return partners.FirstOrDefault(other => !File.Exists(FileOf(directory, service, other))) is { } missing
            ? $"Keys__SharedDirectory has no {NameOf(service, missing)}/{FileName}."
            : null;
    }

    private static (string, string) InOrder(string one, string other) =>
        string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);

    private static bool HasSealed(Type type) =>
        type.GetProperties()
            .Any(property =>
                property.PropertyType is { IsGenericType: true } sealedType
                && sealedType.GetGenericTypeDefinition() == typeof(Sealed<>)
            );

    private static class Listener<TEvent>
    {
        // What is sealed is sealed for one.
        public static readonly string Name = typeof(TEvent).GetCustomAttribute<EventAttribute>()!.Listeners.Single();
    }
}
