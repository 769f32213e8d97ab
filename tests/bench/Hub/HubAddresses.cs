namespace Safeguarding.Bench.Hub;

/// <summary>Where the running hub is, as the <c>hub</c> script tells its programs.</summary>
internal static class HubAddresses
{
    public static Uri PlanRegistry => Address("HUB_PLAN_REGISTRY_URL");
    public static Uri EncounterIngest => Address("HUB_ENCOUNTER_INGEST_URL");
    public static Uri Matching => Address("HUB_MATCHING_URL");
    public static Uri Notification => Address("HUB_NOTIFICATION_URL");
    public static Uri Identity => Address("HUB_IDENTITY_URL");
    public static Uri Portal => Address("HUB_PORTAL_URL");
    public static string Postgres => Required("HUB_POSTGRES");
    public static Uri RabbitMq => new(Required("HUB_RABBITMQ"));
    public static Uri RabbitMqManagement => new(Required("HUB_RABBITMQ_MANAGEMENT"));
    public static string CredentialsFile => Required("HUB_CREDENTIALS_FILE");

    /// <summary>Process ids of the services, where they run as processes of this machine.</summary>
    public static int ProcessOf(string service)
    {
        var file = NoteOf(service);
        return File.Exists(file)
            ? int.Parse(File.ReadAllText(file).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
            : throw new BenchFailedException(
                $"There is no {file}: CPU is measured by process, so the hub must run natively. ./hub down; ./hub "
                    + "up --native"
            );
    }

    /// <summary>Where the command line keeps the process id of a service.</summary>
    public static string NoteOf(string service) => Path.Combine(Required("HUB_RUN_DIRECTORY"), $"{service}.pid");

    private static Uri Address(string variable) => new(Required(variable));

    private static string Required(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? value
            : throw new BenchFailedException($"{variable} is not set; start this through ./hub bench");
}

/// <summary>Why a bench cannot give a figure.</summary>
internal sealed class BenchFailedException(string message) : Exception(message);
