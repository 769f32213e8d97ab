using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Safeguarding.Hosting.Access;

namespace Safeguarding.Hosting.Telemetry;

/// <summary>
/// One line per event: UTC time, level, event, trace id, the request's ids, message. JSON in containers, text
/// elsewhere, unless <c>Logs__Format</c> says <c>json</c> or <c>text</c>. Of scopes only the request's ids are written:
/// the framework's hold paths.
/// </summary>
internal sealed class HubLogFormatter(IConfiguration configuration) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "hub";

    // To be read at a terminal: the first frames say where it was.
    private const int LongestException = 2_000;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly bool _json =
        (
            configuration["Logs:Format"]
            ?? (
                configuration["DOTNET_RUNNING_IN_CONTAINER"] == "true"
                || Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true"
                    ? "json"
                    : "text"
            )
        ) == "json";

    public static string? ValidationErrors(IConfiguration configuration) =>
        configuration["Logs:Format"] is null or "json" or "text" ? null : "Logs__Format is json or text.";

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        var line = new Line(
            TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            Level(logEntry.LogLevel),
            logEntry.EventId.Name is { } name ? $"{Short(logEntry.Category)}.{name}" : Short(logEntry.Category),
            Activity.Current?.TraceId.ToHexString(),
            logEntry.Formatter(logEntry.State, logEntry.Exception),
            logEntry.Exception?.ToString()
        );
        scopeProvider?.ForEachScope(static (scope, line) => line.Request = scope as RequestIds ?? line.Request, line);
        if (_json)
            WriteJson(line, logEntry.State as IEnumerable<KeyValuePair<string, object?>>, textWriter);
        else
            WriteText(line, textWriter);
    }

    private static void WriteText(Line line, TextWriter to)
    {
        to.Write($"{line.Time} {line.Level} {line.Event}");
        if (line.Trace is not null)
            to.Write($" trace={line.Trace}");
        if (line.Request is { } request)
        {
            to.Write(
                request.CorrelationId == request.RequestId
                    ? $" request={request.RequestId}"
                    : $" request={request.RequestId} correlation={request.CorrelationId}"
            );
        }

        to.Write($" {OneLine(line.Message)}");
        if (line.Exception is not null)
        {
            to.Write(
                $" | {OneLine(line.Exception.Length > LongestException ? line.Exception[..LongestException] + "…" : line.Exception)}"
            );
        }

        to.Write('\n');
    }

    private static void WriteJson(Line line, IEnumerable<KeyValuePair<string, object?>>? state, TextWriter to)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Json))
        {
            json.WriteStartObject();
            json.WriteString("time", line.Time);
            json.WriteString("level", line.Level.TrimEnd());
            json.WriteString("event", line.Event);
            WriteGiven(json, "traceId", line.Trace);
            WriteGiven(json, "requestId", line.Request?.RequestId);
            WriteGiven(json, "correlationId", line.Request?.CorrelationId);
            json.WriteString("message", line.Message);
            WriteGiven(json, "exception", line.Exception);
            foreach (var (name, value) in state ?? [])
            {
                if (name != "{OriginalFormat}")
                    WriteGiven(json, $"field.{name}", Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
        }

        to.Write(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
        to.Write('\n');
    }

    private static void WriteGiven(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" | ");

    private static string Short(string category) => category[(category.LastIndexOf('.') + 1)..];

    private static string Level(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "TRACE",
            LogLevel.Debug => "DEBUG",
            LogLevel.Information => "INFO ",
            LogLevel.Warning => "WARN ",
            LogLevel.Error => "ERROR",
            _ => "FATAL",
        };

    private sealed record Line(
        string Time,
        string Level,
        string Event,
        string? Trace,
        string Message,
        string? Exception
    )
    {
        public RequestIds? Request { get; set; }
    }
}
