using System.Reflection;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Safeguarding.Messaging.Inbox;

/// <summary>The consumers of a service, found in its assembly: one queue each.</summary>
internal sealed class ConsumerCatalogue(string service, Assembly assembly)
{
    public string Service { get; } = service;

    public IReadOnlyList<ConsumerEndpoint> Endpoints { get; } =
    [
        .. assembly
            .GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && EventsOf(type).Any())
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => new ConsumerEndpoint($"{service}-{QueueOf(type)}", type, [.. EventsOf(type)])),
    ];

    private static IEnumerable<Type> EventsOf(Type consumer) =>
        from contract in consumer.GetInterfaces()
        where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IConsumer<>)
        select contract.GetGenericArguments()[0];

    private static string QueueOf(Type consumer) =>
        consumer.GetCustomAttribute<QueueNameAttribute>()?.Name ?? KebabCase(consumer.Name);

    private static string KebabCase(string name)
    {
        name = name.EndsWith("Consumer", StringComparison.Ordinal) ? name[..^"Consumer".Length] : name;
        var result = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && result.Length > 0)
                result.Append('-');
            result.Append(char.ToLowerInvariant(c));
        }

        return result.ToString();
    }
}

internal sealed record ConsumerEndpoint(string Queue, Type Consumer, IReadOnlyList<Type> Events)
{
    public IReadOnlyDictionary<string, IInboxReceiver> Handlers(IServiceProvider services) =>
        Events
            .Select(e =>
                (IInboxReceiver)
                    ActivatorUtilities.CreateInstance(services, typeof(InboxReceiver<,>).MakeGenericType(Consumer, e))
            )
            .ToDictionary(handler => handler.EventType, StringComparer.Ordinal);
}
