using System.Reflection;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Storage;
using Safeguarding.Operations;
using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(HubServers))]
// Kills processes and uses the command line, which is for Unix.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Safeguarding.Hub.Tests;

/// <summary>Computed from the assemblies, so that a new service or consumer is judged without being listed.</summary>
public sealed class Architecture
{
    internal static readonly Assembly[] Services =
    [
        .. Directory
            .GetFiles(AppContext.BaseDirectory, "Safeguarding.*.dll")
            .Select(Assembly.LoadFrom)
            .Where(assembly => assembly.GetTypes().Any(IsContext)),
    ];

    private static bool IsContext(Type type) => type.IsSubclassOf(typeof(HubDbContext)) && !type.IsAbstract;

    [Fact]
    public void No_service_references_another()
    {
        Assert.True(Services.Length >= 4, $"found only {Services.Length} services");
        var names = Services.Select(service => service.GetName().Name).ToHashSet();
        Assert.All(Services, service =>
            Assert.DoesNotContain(service.GetReferencedAssemblies(), reference => names.Contains(reference.Name))
        );
    }

    [Fact]
    public void Only_messaging_knows_the_bus_library() =>
        Assert.All([.. Services, typeof(HubDbContext).Assembly, typeof(HubOperations).Assembly], assembly =>
            Assert.DoesNotContain(assembly.GetReferencedAssemblies(), reference =>
                reference.Name!.StartsWith("MassTransit", StringComparison.Ordinal)
                || reference.Name.StartsWith("RabbitMQ", StringComparison.Ordinal)
            )
        );

    [Fact]
    public void Messaging_knows_neither_hosting_nor_the_web() =>
        Assert.DoesNotContain(typeof(MessagingDbContext).Assembly.GetReferencedAssemblies(), reference =>
            reference.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || reference.Name == typeof(HubDbContext).Assembly.GetName().Name
        );

    /// <summary>Messages of an older release wait in it during a rolling upgrade.</summary>
    [Fact]
    public void A_consumer_whose_class_was_renamed_keeps_its_queue()
    {
        var notification = Services.Single(service => service.GetName().Name == "Safeguarding.Notification");

        var queues = new ConsumerCatalogue("notification", notification).Endpoints.Select(endpoint => endpoint.Queue);

        Assert.Contains("notification-tell-of-review", queues);
    }

    [Fact]
    public void Every_listener_in_the_catalogue_has_one_public_consumer_and_no_consumer_is_outside_it()
    {
        var catalogued =
            from e in typeof(NhsNumber).Assembly.GetExportedTypes()
            let catalogue = e.GetCustomAttribute<EventAttribute>()
            where catalogue is not null
            from listener in catalogue.Listeners
            select $"{listener} ← {e.Name}";
        var consuming =
            from service in Services
            from consumer in service.GetTypes()
            where consumer is { IsClass: true, IsAbstract: false }
            from contract in consumer.GetInterfaces()
            where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IConsumer<>)
            select (Consumer: consumer, Line: $"{NameOf(service)} ← {contract.GetGenericArguments()[0].Name}");
        var consumers = consuming.ToList();

        Assert.Equal(
            catalogued.Order(StringComparer.Ordinal),
            consumers.Select(c => c.Line).Order(StringComparer.Ordinal)
        );
        Assert.All(consumers, c =>
            Assert.True(
                c.Consumer.IsPublic
                    && c.Consumer.IsSealed
                    && c.Consumer.Name.EndsWith("Consumer", StringComparison.Ordinal),
                c.Consumer.FullName
            )
        );
    }

    // Clocks, chance and files, which come with the runtime, are banned in the project itself.
    [Fact]
    public void The_matching_rules_reference_no_host_storage_or_network()
    {
        string[] allowed =
        [
            "Safeguarding.Contracts",
            "AnyAscii",
            "System.Collections",
            "System.Collections.Immutable",
            "System.Linq",
            "System.Memory",
            "System.Runtime",
            "System.Runtime.InteropServices",
            "System.Text.Json",
            "System.Text.RegularExpressions",
            "System.Threading",
            "System.Threading.Tasks.Parallel",
        ];

        Assert.All(typeof(Matching.Rules.Decide).Assembly.GetReferencedAssemblies(), reference =>
            Assert.Contains(reference.Name, allowed)
        );
    }

    private static string NameOf(Assembly service) =>
        string.Concat(
            service
                .GetName()
                .Name!["Safeguarding.".Length..]
                .Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : $"{c}")
        );
}
