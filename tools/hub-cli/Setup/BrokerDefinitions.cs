using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Safeguarding.Cli.Setup;

internal sealed record BrokerUser(Member Member, string Password);

/// <summary>
/// RabbitMQ's own definitions file: the virtual host, one user per service, and what each may touch. A service writes
/// only the exchanges of the events it sends and reads only its own queues, so a stolen password cannot publish in
/// another's name.
/// </summary>
internal static class BrokerDefinitions
{
    public const string VirtualHost = "hub";
    public const string Administrator = "hub-admin";

    public static string For(IReadOnlyList<BrokerUser> users, string? administratorPassword)
    {
        var people = users.Select(user => User(user.Member.Name, user.Password, tags: "")).ToList();
        var permissions = users.Select(user => Permission(user.Member)).ToList();
        if (administratorPassword is not null)
        {
            people.Add(User(Administrator, administratorPassword, tags: "administrator"));
            permissions.Add(
                new
                {
                    user = Administrator,
                    vhost = VirtualHost,
                    configure = ".*",
                    write = ".*",
                    read = ".*",
                }
            );
        }

        return JsonSerializer.Serialize(
            new
            {
                users = people,
                vhosts = new[] { new { name = VirtualHost } },
                permissions,
            }
        );
    }

    private static object User(string name, string password, string tags) =>
        new
        {
            name,
            password_hash = Hash(password),
            hashing_algorithm = "rabbit_password_hashing_sha256",
            tags,
        };

    // Declaring an exchange needs configure; binding an own queue to it needs read on the exchange and write on the
    // queue.
    private static object Permission(Member member) =>
        new
        {
            user = member.Name,
            vhost = VirtualHost,
            configure = Pattern(member.OwnQueues, member.EventsSent, member.EventsHeard, member.AcknowledgementsOwed),
            write = Pattern(member.OwnQueues, member.EventsSent, member.AcknowledgementsOwed),
            read = Pattern(member.OwnQueues, member.EventsHeard),
        };

    private static string Pattern(params string[] alternatives) =>
        $"^({string.Join('|', alternatives.Where(alternative => alternative.Length > 0))})$";

    private static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
    }
}
