using System.ComponentModel.DataAnnotations;

namespace Safeguarding.Hosting;

/// <summary>What every service needs to start. A missing or wrong value stops the start and is named.</summary>
public sealed class HubOptions
{
    /// <summary>The service's name, such as <c>matching</c>: prefix of its queues, name in telemetry.</summary>
    public string Service { get; internal set; } = "";

    /// <summary>Of the login that owns the schema (<c>Postgres__OwnerPassword</c>); for migrations at start.</summary>
    public string OwnerPassword { get; internal set; } = "";

    /// <summary>Of the login of requests (<c>Postgres__RequestPassword</c>).</summary>
    [Required(ErrorMessage = "Postgres__RequestPassword is missing: of the login SCHEMA_request. init makes it.")]
    public string RequestPassword { get; internal set; } = "";

    /// <summary>Npgsql connection string of the worker's login (<c>ConnectionStrings__Hub</c>).</summary>
    [Required(ErrorMessage = "ConnectionStrings__Hub is missing: an Npgsql connection string.")]
    public string ConnectionString { get; internal set; } = "";

    /// <summary>
    /// Broker address (<c>RabbitMq__Uri</c>), <c>amqp://user:password@host:port/vhost</c>; <c>amqps</c> for TLS.
    /// </summary>
    [Required(ErrorMessage = "RabbitMq__Uri is missing: amqp://user:password@host:port/vhost.")]
    public Uri? RabbitMq { get; internal set; }

    /// <summary>Whether migrations are applied at start (<c>Migrations__AtStart</c>). Default true.</summary>
    public bool MigrateAtStart { get; internal set; } = true;

    /// <summary>
    /// <c>/health/outbox</c> turns red when the oldest unsent outbox row is older than this
    /// (<c>Outbox__UnsentAlarmSeconds</c>). Default 60 s.
    /// </summary>
    [Range(1, 86_400, ErrorMessage = "Outbox__UnsentAlarmSeconds must be between 1 and 86400.")]
    public int UnsentAlarmSeconds { get; internal set; } = 60;
}
