using System.Reflection;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging;
using Safeguarding.Messaging.Storage;
using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(HubServers))]
// Kills processes and uses the seed program, which is for Unix.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Safeguarding.Hub.Tests;

/// <summary>Computed from the assemblies, so that a new service or consumer is judged without being listed.</summary>
public sealed class Architecture
{
    private static readonly Assembly[] Services =
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
        Assert.All([.. Services, typeof(HubDbContext).Assembly], assembly =>
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

    [Fact]
    public void The_matching_rules_are_pure()
    {
        var rules = typeof(Matching.Storage.MatchingDb)
            .Assembly.GetTypes()
            .Where(type => type.Namespace == "Safeguarding.Matching.Rules")
            .ToList();
        Assert.NotEmpty(rules);
        string[] impure =
        [
            "Microsoft.EntityFrameworkCore",
            "Npgsql",
            "Microsoft.AspNetCore",
            "Microsoft.Extensions.Logging",
            "System.Net",
            "Safeguarding.Hosting",
        ];
        var used =
            from type in rules
            from member in type.GetMembers(
                BindingFlags.DeclaredOnly
                    | BindingFlags.Public
                    | BindingFlags.NonPublic
                    | BindingFlags.Instance
                    | BindingFlags.Static
            )
            from part in Parts(member)
            where
                part == typeof(TimeProvider)
                || impure.Any(root => part.Namespace?.StartsWith(root, StringComparison.Ordinal) == true)
                || (
                    part.Namespace?.StartsWith("Safeguarding.Matching", StringComparison.Ordinal) == true
                    && !part.Namespace.StartsWith("Safeguarding.Matching.Rules", StringComparison.Ordinal)
                )
            select $"{type.Name}.{member.Name} uses {part.FullName}";
        Assert.Empty(used.Distinct());
    }

    private static IEnumerable<Type> Parts(MemberInfo member) =>
        member switch
        {
            FieldInfo field => [field.FieldType],
            PropertyInfo property => [property.PropertyType],
            MethodInfo method =>
            [
                method.ReturnType,
                .. method.GetParameters().Select(parameter => parameter.ParameterType),
                .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
            ],
            ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
            _ => [],
        };

    private static string NameOf(Assembly service) =>
        string.Concat(
            service
                .GetName()
                .Name!["Safeguarding.".Length..]
                .Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : $"{c}")
        );
}
