using System.Net.Security;
using System.Security.Authentication;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Messaging.Faults;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Outbox;

namespace Safeguarding.Messaging.Broker;

/// <summary>
/// MassTransit over RabbitMQ as the hub uses it. Nothing outside this folder and the outbox and inbox knows
/// MassTransit: version 8 ends, and this is what would have to be replaced.
/// </summary>
internal static class HubBus
{
    // RabbitMQ before 4.0 has no limit of its own, and after it drops what has no dead-letter exchange: so both are
    // always set.
    private const int DeliveryLimit = 20;

    // A transaction of many events costs little more than one of few, up to some hundred.
    private const int Turns = 2;
    private const int MostBytesTogether = 256 * 1024;

    public static void AddHubBus(this IServiceCollection services, ConsumerCatalogue catalogue)
    {
        services.AddSingleton(catalogue);
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<AcknowledgementSender>();
        services.AddSingleton<Parking>();
        services.AddSingleton<AcknowledgementReceiver>();
        services.AddSingleton(provider => new ReplayParkedMessage(
            provider.GetRequiredService<IServiceScopeFactory>(),
            catalogue,
            provider,
            provider.GetRequiredService<TimeProvider>()
        ));
        foreach (var endpoint in catalogue.Endpoints)
            services.AddScoped(endpoint.Consumer);

        services.AddMassTransit(masstransit =>
        {
            // It would report to its makers over the internet, unasked.
            masstransit.DisableUsageTelemetry();
            // Without tags of ours it takes "ready", and every replica would refuse what the outbox could take.
            masstransit.ConfigureHealthCheckOptions(health => health.Tags.Add("broker"));
            masstransit.UsingRabbitMq(
                (context, rabbit) =>
                {
                    var broker = context.GetRequiredService<MessagingOptions>().Broker;
                    rabbit.Host(broker, host =>
                    {
                        if (broker.Scheme == "amqps")
                            host.UseSsl(tls => CheckCertificate(tls, broker.Host));
                    });
                    rabbit.ClearSerialization();
                    rabbit.UseRawJsonSerializer(
                        RawSerializerOptions.AnyMessageType | RawSerializerOptions.CopyHeaders,
                        isDefault: true
                    );
                    rabbit.ConfigureJsonSerializerOptions(options =>
                    {
                        HubJson.Apply(options);
                        return options;
                    });
                    rabbit.ReceiveAcknowledgements(context);
                    foreach (var endpoint in catalogue.Endpoints)
                        rabbit.ReceiveEvents(context, endpoint, catalogue.Service);
                    if (catalogue.Endpoints.Count > 0)
                        rabbit.ReceiveDeadLetters(context, catalogue.Service);
                }
            );
        });
        // After the bus, so that on the way down they stop before it.
        services.AddHostedService<OutboxRelay>();
        services.AddHostedService(provider => provider.GetRequiredService<AcknowledgementSender>());
        services.AddHostedService<PurgeInbox>();
        services.AddHostedService<MeasureBacklog>();
    }

    private static void ReceiveEvents(
        this IRabbitMqBusFactoryConfigurator rabbit,
        IBusRegistrationContext services,
        ConsumerEndpoint endpoint,
        string service
    ) => rabbit.ReceiveEndpoint(endpoint.Queue, queue =>
        {
            queue.Quorum();
            queue.SetQueueArgument("x-delivery-limit", DeliveryLimit);
            queue.SetQueueArgument("x-dead-letter-exchange", DeadLetterQueueOf(service));
            queue.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
            queue.SetQueueArgument("x-overflow", "reject-publish");
            queue.PrefetchCount = 16;
            foreach (var e in endpoint.Events)
                queue.Bind(EventCatalogue.WireName(e), exchange => exchange.ExchangeType = "fanout");
            queue.Park(services, endpoint.Queue, "unreadable");

            var handlers = endpoint
                .Handlers(services)
                .ToDictionary(
                    handler => handler.Key,
                    handler => new BatchCoalescer<EventBatch>(
                        Turns,
                        MostBytesTogether,
                        batch => batch.Events.Utf8.Length,
                        (batches, cancellationToken) =>
                            handler.Value.HandleAsync(endpoint.Queue, batches, cancellationToken)
                    )
                );
            queue.Handler<EventBatch>(async context =>
            {
                var batch = context.Message;
                if (!handlers.TryGetValue(batch.Type, out var handler))
                    throw new UnknownEventException();
                await handler.RunAsync(batch, context.CancellationToken);
                CrashPoint.Reached(CrashPoint.AfterConsume);
                // Asked for here and not above: it needs the bus, which is only being built there.
                services.GetRequiredService<AcknowledgementSender>().Add(batch.Sender, batch.BatchId);
            });
        });

    // None leaves the version to the system. Of itself MassTransit takes a certificate that nobody trusts.
    private static void CheckCertificate(IRabbitMqSslConfigurator tls, string host)
    {
        (tls.ServerName, tls.Protocol) = (host, SslProtocols.None);
        tls.EnforcePolicyErrors(
            SslPolicyErrors.RemoteCertificateChainErrors
                | SslPolicyErrors.RemoteCertificateNameMismatch
                | SslPolicyErrors.RemoteCertificateNotAvailable
        );
    }

    private static void ReceiveAcknowledgements(
        this IRabbitMqBusFactoryConfigurator rabbit,
        IBusRegistrationContext services
    )
    {
        var acknowledgements = services.GetRequiredService<AcknowledgementReceiver>();
        var service = services.GetRequiredService<ConsumerCatalogue>().Service;
        rabbit.ReceiveEndpoint(AcknowledgementSender.QueueOf(service), queue =>
        {
            queue.Quorum();
            queue.PrefetchCount = 16;
            queue.Park(services, AcknowledgementSender.QueueOf(service), "unreadable");
            queue.Handler<BatchAcknowledgement>(async context =>
            {
                await acknowledgements.RunAsync(context.Message, context.CancellationToken);
                CrashPoint.Reached(CrashPoint.AfterPurge);
            });
        });
    }

    /// <summary>What came back over the delivery limit (it killed the process, say): parked, whatever it is.</summary>
    private static void ReceiveDeadLetters(
        this IRabbitMqBusFactoryConfigurator rabbit,
        IBusRegistrationContext services,
        string service
    ) => rabbit.ReceiveEndpoint(DeadLetterQueueOf(service), queue =>
        {
            queue.Quorum();
            queue.Park(services, DeadLetterQueueOf(service), "delivery-limit");
        });

    private static void Quorum(this IRabbitMqReceiveEndpointConfigurator queue)
    {
        queue.SetQuorumQueue();
        queue.ConfigureConsumeTopology = false;
        queue.PublishFaults = false;
    }

    private static void Park(
        this IReceiveEndpointConfigurator queue,
        IBusRegistrationContext services,
        string consumer,
        string reason
    )
    {
        var park = new ParkFilter(
            services.GetRequiredService<Parking>(),
            consumer,
            reason,
            services.GetRequiredService<TimeProvider>()
        );
        queue.ConfigureError(pipe => pipe.UseFilter(park));
        queue.ConfigureDeadLetter(pipe => pipe.UseFilter(park));
    }

    private static string DeadLetterQueueOf(string service) => $"{service}-dead-letter";
}

/// <summary>A batch whose type this queue has no consumer for.</summary>
internal sealed class UnknownEventException() : Exception("No consumer on this queue handles events of this type.");
