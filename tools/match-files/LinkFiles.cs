using System.Diagnostics;
using System.Text.Json;
using Safeguarding.MatchFiles.Estimation;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>The verb <c>match-files</c>: the rules of the service over two files, each query by itself.</summary>
internal static class LinkFiles
{
    private const int Chunk = 1000;

    public static int Run(IReadOnlyList<string> args)
    {
        using var text = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        return Run(args, text);
    }

    public static int Run(IReadOnlyList<string> args, TextWriter text)
    {
        Arguments? arguments = null;
        try
        {
            arguments = Arguments.Read(args);
            Link(arguments, text);
            return 0;
        }
        catch (Exception refused)
            when (refused is BadFileException or IOException or UnauthorizedAccessException or JsonException)
        {
            text.WriteLine(refused.Message);
            // Where the files are at fault, the options would only push the reason off the screen.
            if (arguments is null)
            {
                text.WriteLine();
                text.WriteLine(Arguments.Usage);
            }

            return 2;
        }
    }

    private static void Link(Arguments arguments, TextWriter text)
    {
        var files = ReadFiles.Both(arguments, text);
        var summary = new Summary(text, files.Encounters.Count);
        using var search = new RowSearch(files, byAnyTwo: arguments.Estimate || files.Traits.Count > 0);
        summary.Step($"{files.Registry.Count:N0} rows indexed; {search.InWords}");
        var parameters = FitParameters.ForFiles(ParametersOf(arguments), files, arguments.RegisterSize);
        if (arguments.Estimate)
            parameters = FitParameters.Estimated(parameters, files, search, summary.Step);
        Save(arguments, parameters, files);
        summary.Step(Summary.PriorInWords(parameters));
        var query = new QueryOneRow(files, search, parameters);

        var report = new ReportPage(parameters, search);
        var linking = Stopwatch.StartNew();
        using (var output = new StreamWriter(arguments.Out))
        using (
            var shadow = arguments.Shadow is null
                ? null
                : ShadowFile.Beside(
                    arguments.Out,
                    FitParameters.ForFiles(Read(arguments.Shadow, Parameters.Read), files, arguments.RegisterSize),
                    files,
                    search
                )
        )
        {
            var decisions = new DecisionFile(output, files, parameters, arguments.Floor);
            foreach (var chunk in Enumerable.Range(0, files.Encounters.Count).Chunk(Chunk))
            {
                foreach (var answer in chunk.AsParallel().AsOrdered().Select(query.Find))
                {
                    decisions.Write(answer);
                    summary.Count(answer);
                    report.Sample(answer);
                    shadow?.Write(answer);
                }
            }

            if (arguments.Report is not null)
                File.WriteAllText(arguments.Report, report.Html(summary));
            summary.End(linking.Elapsed);
            shadow?.End(text);
        }
    }

    private static void Save(Arguments arguments, Parameters parameters, FilePair files)
    {
        if (arguments.SaveParameters is not null)
        {
            using var json = File.Create(arguments.SaveParameters);
            FitParameters.Kept(parameters, files).Write(json);
        }

        if (arguments.SaveFrequencies is not null)
        {
            var counts = new NameCounts();
            foreach (var person in files.Encounters)
                counts.Count(person);
            using var json = File.Create(arguments.SaveFrequencies);
            counts
                .Into(
                    ParametersOf(arguments).Population,
                    $"counted-{counts.People}",
                    "Counted among the people of a file."
                )
                .Write(json);
        }
    }

    private static Parameters ParametersOf(Arguments arguments)
    {
        var parameters = arguments.ParametersFile is null
            ? Parameters.Default
            : Read(arguments.ParametersFile, Parameters.Read);
        return arguments.Frequencies is null
            ? parameters
            : parameters with
            {
                Population = Read(arguments.Frequencies, Population.Read),
            };
    }

    private static T Read<T>(string path, Func<Stream, T> read)
    {
        using var json = File.OpenRead(path);
        return read(json);
    }
}
