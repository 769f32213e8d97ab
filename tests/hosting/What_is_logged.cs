using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Telemetry;

namespace Safeguarding.Hosting.Tests;

public sealed class What_is_logged
{
    [Fact]
    public void A_line_at_a_terminal_says_when_how_grave_what_and_in_which_request()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var scope = scopes.Push(new RequestIds("r-1", "c-1"));
        using var path = scopes.Push(new Dictionary<string, object> { ["RequestPath"] = "/secret" });
        var formatter = new HubLogFormatter(
            new ConfigurationBuilder().AddInMemoryCollection([new("Logs:Format", "text")]).Build()
        );
        using var text = new StringWriter();
        formatter.Write(
            new LogEntry<string>(
                LogLevel.Warning,
                "Safeguarding.Hosting.Sample",
                new EventId(1, "Failed"),
                "two\nlines",
                new InvalidOperationException("why"),
                (state, _) => state
            ),
            scopes,
            text
        );

        Assert.Matches(
            @"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARN  Sample\.Failed request=r-1 correlation=c-1 two \| lines \| System\.InvalidOperationException: why\n\z",
            text.ToString()
        );
    }

    [Fact]
    public void A_log_file_stays_bounded_and_keeps_the_newest_lines()
    {
        var directory = Directory.CreateTempSubdirectory();
        var file = Path.Combine(directory.FullName, "sample.log");
        using (var log = new RollingFile(file, 1_000))
        {
            for (var i = 0; i < 1_000; i++)
                log.Write($"line {i}\n");
        }

        Assert.Equal(5, directory.GetFiles().Length);
        Assert.All(directory.GetFiles(), one => Assert.InRange(one.Length, 1, 1_000));
        Assert.Equal("line 999", File.ReadAllLines(file)[^1]);
        // Nothing is missing between the files.
        var lines = new[] { ".4", ".3", ".2", ".1", "" }
            .SelectMany(suffix => File.ReadAllLines(file + suffix))
            .ToList();
        Assert.Equal(Enumerable.Range(1_000 - lines.Count, lines.Count).Select(i => $"line {i}"), lines);
        directory.Delete(recursive: true);
    }
}
