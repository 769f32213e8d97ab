using System.Net.Http.Headers;
using System.Text;

namespace Safeguarding.Cli.Setup;

/// <summary>RabbitMQ's management interface, as its administrator.</summary>
internal static class Broker
{
    /// <summary>The given address (<c>HUB_RABBITMQ_MANAGEMENT</c>), or the one that compose's network knows.</summary>
    public static HttpClient? Management(SecretFolder secrets)
    {
        var given = Environment.GetEnvironmentVariable("HUB_RABBITMQ_MANAGEMENT");
        if (string.IsNullOrEmpty(given) && secrets.Read("passwords/administrator.rabbitmq") is { } password)
        {
            var port = Place.Certificates is null ? 15672 : 15671;
            given =
                $"{Place.Scheme}://{BrokerDefinitions.Administrator}:{Uri.EscapeDataString(password)}@rabbitmq:{port}";
        }

        if (string.IsNullOrEmpty(given))
            return null;

        var address = new Uri(given);
        var credentials = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo));
        return new HttpClient
        {
            BaseAddress = new Uri(
                address.GetLeftPart(UriPartial.Authority).Replace($"{address.UserInfo}@", "", StringComparison.Ordinal)
            ),
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials)),
            },
        };
    }
}
