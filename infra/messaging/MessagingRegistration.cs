using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Messaging.Broker;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Messaging;

/// <summary>Adds messaging to a service.</summary>
public static class MessagingRegistration
{
    /// <summary>
    /// Adds the outbox with its relay, the inbox, and a queue for each public <see cref="IConsumer{TEvent}"/> in the
    /// context's assembly. The service registers the context itself, with <see cref="UseMessaging"/>, an
    /// <c>NpgsqlDataSource</c> and a <see cref="TimeProvider"/>.
    /// </summary>
    /// <typeparam name="TDb">The service's context; its assembly is searched for consumers.</typeparam>
    /// <param name="services">The service's container.</param>
    /// <param name="service">The service's name, such as <c>matching</c>: the prefix of its queues.</param>
    /// <param name="options">Asked once, at the start.</param>
    /// <example>
    /// <code>
    /// services.AddMessaging&lt;CasesDb&gt;("cases", _ => new(new Uri("amqps://broker:5671/hub"), UnsentAlarm));
    /// services.AddDbContext&lt;CasesDb&gt;((provider, options) => options.UseNpgsql(source).UseMessaging(provider));
    /// </code>
    /// </example>
    public static IServiceCollection AddMessaging<TDb>(
        this IServiceCollection services,
        string service,
        Func<IServiceProvider, MessagingOptions> options
    )
        where TDb : MessagingDbContext
    {
        services.AddSingleton(options);
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutboxNotifyInterceptor>();
        services.AddSingleton<VerifiedCommitInterceptor>();
        services.AddScoped<MessagingDbContext>(provider => provider.GetRequiredService<TDb>());
        services.AddHubBus(new ConsumerCatalogue(service, typeof(TDb).Assembly));
        return services;
    }

    /// <summary>Lets a context wake the relay after a commit, and check each commit.</summary>
    /// <param name="options">The context's options.</param>
    /// <param name="provider">Where <see cref="AddMessaging{TDb}"/> was called.</param>
    public static DbContextOptionsBuilder UseMessaging(
        this DbContextOptionsBuilder options,
        IServiceProvider provider
    ) =>
        options.AddInterceptors(
            provider.GetRequiredService<OutboxNotifyInterceptor>(),
            provider.GetRequiredService<VerifiedCommitInterceptor>()
        );
}
