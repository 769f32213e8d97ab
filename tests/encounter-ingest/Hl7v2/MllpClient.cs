using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

/// <summary>A sender: writes frames and reads acknowledgements from a real socket.</summary>
internal sealed class MllpClient : IAsyncDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly List<byte> _read = [];
    private Stream? _stream;

    public static async Task<MllpClient> ConnectAsync(IPEndPoint address, Func<Stream, Task<Stream>>? secure = null)
    {
        var client = new MllpClient();
        await client._client.ConnectAsync(address, Cancelled);
        client._stream = client._client.GetStream();
        if (secure is not null)
            client._stream = await secure(client._stream);
        return client;
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static byte[] Frame(string message) => Frame(Encoding.UTF8.GetBytes(message));

    public static byte[] Frame(byte[] message) => [0x0B, .. message, 0x1C, 0x0D];

    public async Task WriteAsync(byte[] bytes) => await _stream!.WriteAsync(bytes, Cancelled);

    public async Task<string?> SendAsync(string message)
    {
        await WriteAsync(Frame(message));
        return await ReadAsync();
    }

    public void EndOfSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The next acknowledgement; null where the hub closed instead.</summary>
    public async Task<string?> ReadAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            var end = _read.IndexOf(0x1C);
            if (end >= 0 && _read.Count > end + 1)
            {
                Assert.Equal((0x0B, 0x0D), (_read[0], _read[end + 1]));
                var answer = Encoding.UTF8.GetString([.. _read[1..end]]);
                _read.RemoveRange(0, end + 2);
                return answer;
            }

            try
            {
                var read = await _stream!.ReadAsync(buffer, Cancelled);
                if (read == 0)
                    return null;
                _read.AddRange(buffer[..read]);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _stream?.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
