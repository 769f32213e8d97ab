namespace Safeguarding.Messaging;

/// <summary>What messaging needs to know of its surroundings.</summary>
/// <param name="Broker">RabbitMQ: <c>amqp://user:password@host:port/vhost</c>.</param>
/// <param name="UnsentAlarm">
/// The service is not ready while the oldest event that the broker has not accepted is older than this.
/// </param>
public sealed record MessagingOptions(Uri Broker, TimeSpan UnsentAlarm);
