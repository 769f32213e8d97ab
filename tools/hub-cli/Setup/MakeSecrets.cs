using System.ComponentModel;
using System.Security.Cryptography;
using Npgsql;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Setup;

/// <summary>
/// <c>init</c>: one folder per member of the hub, of which that member sees only its own, holding configuration as
/// key-per-file. Passwords are made once; the files that also hold an address follow the address.
/// </summary>
internal sealed class MakeSecrets(Terminal terminal) : Command<MakeSecrets.Settings>
{
    /// <summary>What a service signs the roots of its audit with.</summary>
    public const string AuditKey = "Audit__SigningKey";

    private static string InCompose => Place.Certificates is null ? "amqp://rabbitmq:5672" : "amqps://rabbitmq:5671";

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--compose")]
        [Description("For compose: every folder is a volume that only its member mounts.")]
        public bool Compose { get; init; }
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        Make(Place.Secrets, settings.Compose, terminal.Say);
        return ExitCode.Well;
    }

    internal static void Make(string to, bool compose, Action<string> say)
    {
        Certificates.Check(compose);
        var postgres = Environment.GetEnvironmentVariable("HUB_POSTGRES") ?? ProvisionServers.InCompose;
        var rabbitMq = new UriBuilder(Environment.GetEnvironmentVariable("HUB_RABBITMQ") ?? InCompose)
        {
            Path = BrokerDefinitions.VirtualHost,
        };

        // In compose every folder is a volume that only its member mounts, under a user id that this process does not
        // know.
        var secrets = new SecretFolder(
            to,
            compose
                ? UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead
                : UnixFileMode.UserRead | UnixFileMode.UserWrite,
            say
        );

        var users = new List<BrokerUser>();
        foreach (var member in Member.All)
        {
            var variable = member.Schema.ToUpperInvariant();
            // What owns the schema migrates at the start, and nothing else; the service works by the others.
            var owner = secrets.Password($"passwords/{member.Name}.postgres", $"HUB_{variable}_POSTGRES_PASSWORD");
            secrets.Write($"{member.Name}/{Member.OwnerPassword}", owner);
            var worker = secrets.Make($"passwords/{member.Name}.worker.postgres", SecretFolder.NewPassword);
            secrets.Write(
                $"{member.Name}/ConnectionStrings__Hub",
                ConnectionString(postgres, member.Roles.Worker, worker)
            );
            if (member.HasRequestLogin)
            {
                secrets.Write(
                    $"{member.Name}/Postgres__RequestPassword",
                    secrets.Make($"passwords/{member.Name}.request.postgres", SecretFolder.NewPassword)
                );
            }

            if (member.KeepsAudit)
                secrets.Make($"{member.Name}/{AuditKey}", NewAuditKey);
            if (!member.UsesBroker)
                continue;

            var broker = secrets.Password($"passwords/{member.Name}.rabbitmq", $"HUB_{variable}_RABBITMQ_PASSWORD");
            secrets.Write($"{member.Name}/RabbitMq__Uri", Address(rabbitMq, member, broker));
            users.Add(new BrokerUser(member, broker));
        }

        KeyRings.Make(secrets);
        DevelopmentClients.Make(secrets, say);
        PortalClient.Make(secrets, say);
        PracticeClients.Make(secrets, say);

        Certificates.Share(secrets, compose);
        // Elsewhere the servers exist already, and whoever made them is their administrator.
        if (compose)
            secrets.Password("postgres/password", "HUB_POSTGRES_PASSWORD");

        var administrator = compose
            ? secrets.Password("passwords/administrator.rabbitmq", "HUB_RABBITMQ_PASSWORD")
            : null;
        secrets.Write("rabbitmq/definitions.json", BrokerDefinitions.For(users, administrator));

        say($"secrets are in {to}");
    }

    private static string ConnectionString(string superuser, string login, string password)
    {
        var connection = new NpgsqlConnectionStringBuilder(superuser)
        {
            Database = ProvisionServers.Database,
            Username = login,
            Password = password,
        };
        // Of servers of our own the authority is in PGSSLROOTCERT too; this one root alone may be able to read.
        if (Environment.IsPrivilegedProcess && Place.Setting("HUB_WAY") == "native")
            connection.RootCertificate = null;
        return connection.ConnectionString;
    }

    private static string Address(UriBuilder broker, Member member, string password)
    {
        broker.UserName = member.Name;
        broker.Password = Uri.EscapeDataString(password);
        return broker.Uri.AbsoluteUri;
    }

    private static string NewAuditKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
