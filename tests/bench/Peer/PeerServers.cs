using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Safeguarding.Bench.Hub;
using Safeguarding.Demo.People;

namespace Safeguarding.Bench.Peer;

/// <summary>
/// A database and a virtual host for a peer, on the servers that the hub uses; dropped after the
/// run.
/// </summary>
internal sealed class PeerServers(PeerKind kind)
{
    private readonly string _name = $"hub_bench_{kind.Word()}_peer";

    public string Postgres =>
        new NpgsqlConnectionStringBuilder(HubAddresses.Postgres) { Database = _name }.ConnectionString;

    public Uri RabbitMq => new UriBuilder(HubAddresses.RabbitMq) { Path = _name }.Uri;

    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        await DropAsync();
        await ExecuteAsync($"CREATE DATABASE {_name}", cancellationToken);
        await ManageAsync(HttpMethod.Put, $"api/vhosts/{_name}", null, cancellationToken);
        var user = Uri.UnescapeDataString(HubAddresses.RabbitMq.UserInfo.Split(':')[0]);
        await ManageAsync(
            HttpMethod.Put,
            $"api/permissions/{_name}/{Uri.EscapeDataString(user)}",
            new
            {
                configure = ".*",
                write = ".*",
                read = ".*",
            },
            cancellationToken
        );
    }

    public async Task LoadPlansAsync(int plans, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Postgres);
        await connection.OpenAsync(cancellationToken);
        await using (
            var copy = await connection.BeginBinaryImportAsync(
                """COPY "Plans" ("Reference", "NhsNumber", "Council") FROM STDIN (FORMAT BINARY)""",
                cancellationToken
            )
        )
        {
            for (var child = 0; child < plans; child++)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(SyntheticRegister.ReferenceOf(child), NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(
                    SyntheticPeople.Child(child).NhsNumber.Reveal(),
                    NpgsqlDbType.Text,
                    cancellationToken
                );
                await copy.WriteAsync($"E0899990{(child % 3) + 1}", NpgsqlDbType.Text, cancellationToken);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await using var analyze = new NpgsqlCommand("ANALYZE", connection);
        await analyze.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task DropAsync()
    {
        await ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", CancellationToken.None);
        await ManageAsync(HttpMethod.Delete, $"api/vhosts/{_name}", null, CancellationToken.None);
    }

    private static async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(HubAddresses.Postgres);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ManageAsync(
        HttpMethod method,
        string path,
        object? body,
        CancellationToken cancellationToken
    )
    {
        var root = HubAddresses.RabbitMqManagement;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri($"{root.Scheme}://{root.Authority}/{path}"))
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(root.UserInfo)))
        );
        using var response = await http.SendAsync(request, cancellationToken);
        if (
            !response.IsSuccessStatusCode
            && !(method == HttpMethod.Delete && response.StatusCode == System.Net.HttpStatusCode.NotFound)
        )
        {
            throw new BenchFailedException(
                $"RabbitMQ's management answered {(int)response.StatusCode} to {method} {path}"
            );
        }
    }
}
