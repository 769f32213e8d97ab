using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Safeguarding.Cli;

/// <summary>Where a verb reads and writes: results to standard output, everything else to standard error.</summary>
internal sealed class Terminal
{
    /// <summary>What a lone dash stands for.</summary>
    public const string StandardInput = "/dev/stdin";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private const int OrdinaryWidth = 80;
    private readonly TextWriter _error;
    private readonly IAnsiConsole? _bars;

    public Terminal(TextReader input, TextWriter output, TextWriter error, TimeProvider clock)
        : this(input, output, error, clock, isTerminal: false, showsBars: false) { }

    private Terminal(
        TextReader input,
        TextWriter output,
        TextWriter error,
        TimeProvider clock,
        bool isTerminal,
        bool showsBars
    )
    {
        (Input, Writer, Clock, _error) = (input, output, clock, error);
        Output = Create(output, isTerminal);
        _bars = showsBars ? Create(error, isTerminal: true, InteractionSupport.Yes) : null;
    }

    public TextReader Input { get; }

    public TextWriter Writer { get; }

    public TimeProvider Clock { get; }

    public IAnsiConsole Output { get; }

    public static Terminal OfThisProcess(TextWriter output, TextWriter error) =>
        new(
            Console.In,
            output,
            error,
            TimeProvider.System,
            !Console.IsOutputRedirected,
            showsBars: !Console.IsErrorRedirected
        );

    public static StreamWriter StandardOutput() => new(Console.OpenStandardOutput()) { AutoFlush = true };

    public static StreamWriter StandardError() => new(Console.OpenStandardError()) { AutoFlush = true };

    public void Say(string line = "") => Writer.WriteLine(line);

    public void Warn(string line) => _error.WriteLine(line);

    public void Show(IRenderable what) => Output.Write(what);

    /// <summary>
    /// Shows a progress bar on standard error while something long goes on; nothing into a pipe or a file.
    /// </summary>
    /// <param name="what">What goes on.</param>
    /// <param name="work">Reports how much of it is done, from 0 to 1, if it knows.</param>
    public async Task<T> WithProgressAsync<T>(string what, Func<Action<double>, Task<T>> work) =>
        _bars is null
            ? await work(_ => { })
            : await _bars
                .Progress()
                .AutoClear(true)
                .Columns(
                    new TaskDescriptionColumn(),
                    new ProgressBarColumn(),
                    new PercentageColumn(),
                    new ElapsedTimeColumn()
                )
                .StartAsync(context =>
                {
                    var bar = context.AddTask(Markup.Escape(what), maxValue: 1);
                    bar.IsIndeterminate = true;
                    return work(done =>
                    {
                        bar.IsIndeterminate = false;
                        bar.Value = done;
                    });
                });

    public void ShowJson<T>(T value) => Say(JsonSerializer.Serialize(value, Json));

    /// <summary>A listing: a table for people, or with <c>--json</c> the same rows for programs.</summary>
    public void List<T>(bool json, IReadOnlyList<T> rows, string none, params Column<T>[] columns)
    {
        if (json)
            ShowJson(rows);
        else if (rows.Count == 0)
            Say(none);
        else
            Show(TableOf(rows, columns));
    }

    public static Table TableOf<T>(IEnumerable<T> rows, params Column<T>[] columns)
    {
        var table = new Table().Border(TableBorder.Simple).BorderStyle(new Style(decoration: Decoration.Dim));
        foreach (var column in columns)
        {
            var made = new TableColumn(new Text(column.Title, new Style(decoration: Decoration.Bold)))
                .PadLeft(0)
                .PadRight(1);
            table.AddColumn(column.Right ? made.RightAligned() : made);
        }

        foreach (var row in rows)
            table.AddRow(columns.Select(column => new Text(column.Value(row) ?? "", Of(column.Style?.Invoke(row)))));
        return table;
    }

    private static Style Of(string? style) => style is null ? Style.Plain : Style.Parse(style);

    private static IAnsiConsole Create(
        TextWriter writer,
        bool isTerminal,
        InteractionSupport interaction = InteractionSupport.No
    )
    {
        // Spectre takes an empty NO_COLOR for a set one; by no-color.org it is none.
        if (Place.Setting("NO_COLOR") is null)
            Environment.SetEnvironmentVariable("NO_COLOR", null);
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem =
                    isTerminal && Place.Setting("NO_COLOR") is null
                        ? ColorSystemSupport.Detect
                        : ColorSystemSupport.NoColors,
                Interactive = interaction,
            }
        );
        // Into a pipe or a file goes what fits an ordinary terminal.
        console.Profile.Width = isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : OrdinaryWidth;
        return console;
    }
}

/// <param name="Title">The heading.</param>
/// <param name="Value">The cell's text.</param>
/// <param name="Right">Figures stand at the right.</param>
/// <param name="Style">A Spectre style for a cell that needs somebody.</param>
internal sealed record Column<T>(
    string Title,
    Func<T, string?> Value,
    bool Right = false,
    Func<T, string?>? Style = null
);
