using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Safeguarding.Hub.Tests;

/// <summary>Takes OTLP over HTTP as a real collector does, and reads the spans out of it.</summary>
internal sealed class TelemetryCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _bodies = new();
    private readonly ConcurrentQueue<CollectedSpan> _spans = new();
    private readonly ConcurrentDictionary<string, byte> _measured = new();

    private TelemetryCollector(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.Single();

    public IReadOnlyCollection<CollectedSpan> Spans => [.. _spans];

    /// <summary>The services that have sent metrics.</summary>
    public IEnumerable<string> MeasuredServices => _measured.Keys;

    /// <summary>Everything that came, traces, metrics and logs, as text to search in.</summary>
    public string Everything => string.Join('\n', _bodies.Select(Encoding.UTF8.GetString));

    public static async Task<TelemetryCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new TelemetryCollector(app);
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var buffer = new MemoryStream();
            await request.Body.CopyToAsync(buffer);
            collector._bodies.Enqueue(buffer.ToArray());
            if (signal == "traces")
                collector.ReadTraces(buffer.ToArray());
            if (signal == "metrics")
            {
                foreach (var metrics in Protobuf.Messages(buffer.ToArray(), 1))
                    collector._measured[ServiceOf(metrics)] = 0;
            }

            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void ReadTraces(byte[] request)
    {
        foreach (var resourceSpans in Protobuf.Messages(request, 1))
        {
            var service = ServiceOf(resourceSpans);
            foreach (var span in Protobuf.Messages(resourceSpans, 2).SelectMany(scope => Protobuf.Messages(scope, 2)))
            {
                _spans.Enqueue(
                    new CollectedSpan(
                        service,
                        Hex(span, 1),
                        Hex(span, 2),
                        Hex(span, 4),
                        Text(Protobuf.Messages(span, 5).First())
                    )
                );
            }
        }
    }

    private static string ServiceOf(ReadOnlyMemory<byte> ofResource) =>
        (
            from resource in Protobuf.Messages(ofResource, 1)
            from attribute in Protobuf.Messages(resource, 1)
            where Text(Protobuf.Messages(attribute, 1).First()) == "service.name"
            select Text(Protobuf.Messages(Protobuf.Messages(attribute, 2).First(), 1).First())
        ).First();

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string Hex(ReadOnlyMemory<byte> message, int field) =>
        Convert.ToHexStringLower(Protobuf.Messages(message, field).FirstOrDefault().Span);

    /// <summary>Just enough of the wire format to walk into nested messages.</summary>
    private static class Protobuf
    {
        public static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field)
        {
            for (var at = 0; at < message.Length; )
            {
                var tag = Varint(message, ref at);
                switch (tag & 7)
                {
                    case 0:
                        Varint(message, ref at);
                        break;
                    case 1:
                        at += 8;
                        break;
                    case 5:
                        at += 4;
                        break;
                    case 2:
                        var length = (int)Varint(message, ref at);
                        if ((int)(tag >> 3) == field)
                            yield return message.Slice(at, length);
                        at += length;
                        break;
                    default:
                        throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"wire type {tag & 7}"));
                }
            }
        }

        private static ulong Varint(ReadOnlyMemory<byte> message, ref int at)
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = message.Span[at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                    return value;
            }
        }
    }
}

/// <summary>A span as it came over the wire.</summary>
internal sealed record CollectedSpan(string Service, string TraceId, string SpanId, string ParentId, string Name);
