using System.Globalization;
using System.Text;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>
/// One self-contained page: the trade-off curve that the posteriors promise, their histogram, and sample pairs of which
/// only the levels are shown. Holds no value of any row.
/// </summary>
internal sealed class ReportPage(Parameters parameters, RowSearch search)
{
    private const int SamplesEach = 5;
    private static readonly double[] Thresholds = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999];

    private readonly Dictionary<CandidateOutcome, List<Link>> _samples = [];

    /// <summary>Keeps the first few pairs of each outcome.</summary>
    public void Sample(Answer answer)
    {
        if (answer.Links.Count == 0)
            return;
        var link = answer.Links[0];
        if (!_samples.TryGetValue(link.Own.Outcome, out var samples))
            _samples[link.Own.Outcome] = samples = [];
        if (samples.Count < SamplesEach)
            samples.Add(link);
    }

    public string Html(Summary summary)
    {
        var page = new StringBuilder(
            """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>match-files</title>
            <style>body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto}table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:right}td:first-child{text-align:left}rect{fill:#1d70b8}</style>
            <h1>match-files</h1>

            """
        );
        page.Append(
            CultureInfo.InvariantCulture,
            $"<p>Parameters {parameters.Version}, population {parameters.Population.Version}. Matched from {parameters.Costs.MatchAt:0.####}, review from {parameters.Costs.ReviewAt:0.####}; {Summary.PriorInWords(parameters)}; {search.InWords}.</p>\n"
        );
        TradeOff(page, summary.Posteriors);
        Histogram(page, summary.Histogram);
        Samples(page);
        return page.Append("</html>\n").ToString();
    }

    // Without truth the curve is what the posteriors promise: of pairs told at p, a share p is right.
    private static void TradeOff(StringBuilder page, List<float> posteriors)
    {
        var points = Thresholds.Select(threshold => Point.At(threshold, posteriors)).ToList();
        page.Append("<h2>Trade-off, as the posteriors promise it</h2>\n");
        Curve(page, points);
        page.Append(
            "<table><tr><th>told from</th><th>persons told</th><th>of them wrong %</th><th>missed %</th></tr>\n"
        );
        foreach (var point in points)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{point.Threshold}</td><td>{point.Alerted:N0}</td><td>{point.Wrong:F3}</td><td>{point.Missed:F3}</td></tr>\n"
            );
        }

        page.Append("</table>\n");
    }

    // Both axes begin at zero and end at the largest share that occurs; each point can be asked for its threshold.
    private static void Curve(StringBuilder page, List<Point> points)
    {
        var (widest, highest) = (
            Math.Max(points.Max(point => point.Missed), 1e-9),
            Math.Max(points.Max(point => point.Wrong), 1e-9)
        );
        (double X, double Y) Place(Point point) =>
            (50 + (560 * point.Missed / widest), 190 - (170 * point.Wrong / highest));
        var line = string.Join(
            ' ',
            points.Select(point =>
                string.Create(CultureInfo.InvariantCulture, $"{Place(point).X:F1},{Place(point).Y:F1}")
            )
        );
        page.Append(
            CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 640 230\" role=\"img\" aria-label=\"Share of wrong links over share of missed ones\"><path d=\"M50 20V190H610\" fill=\"none\" stroke=\"#bbb\"/><polyline points=\"{line}\" fill=\"none\" stroke=\"#1d70b8\" stroke-width=\"2\"/>\n"
        );
        foreach (var point in points)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<circle cx=\"{Place(point).X:F1}\" cy=\"{Place(point).Y:F1}\" r=\"4\" fill=\"#1d70b8\"><title>told from {point.Threshold}: {point.Wrong:F3} % wrong, {point.Missed:F3} % missed</title></circle>\n"
            );
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"50\" y=\"14\" font-size=\"12\">wrong {highest:F2} %</text><text x=\"610\" y=\"208\" font-size=\"12\" text-anchor=\"end\">missed {widest:F2} %</text></svg>\n"
        );
    }

    private static void Histogram(StringBuilder page, int[] counts)
    {
        page.Append(
            "<h2>Persons by posterior</h2><svg viewBox=\"0 0 640 220\" role=\"img\" aria-label=\"Histogram of posteriors\">\n"
        );
        // Logarithmic: nearly all persons lie at the two ends.
        var highest = Math.Log10(Math.Max(counts.Max(), 1) + 1);
        for (var i = 0; i < counts.Length; i++)
        {
            var height = 180 * Math.Log10(counts[i] + 1) / highest;
            page.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{10 + (i * 31)}\" y=\"{190 - height:F1}\" width=\"28\" height=\"{height:F1}\"><title>{i / 20.0:0.##} to {(i + 1) / 20.0:0.##}: {counts[i]:N0}</title></rect>\n"
            );
        }

        page.Append("<text x=\"10\" y=\"210\">0</text><text x=\"615\" y=\"210\">1</text></svg>\n");
    }

    private void Samples(StringBuilder page)
    {
        page.Append("<h2>Sample pairs, masked</h2>\n");
        foreach (var (standing, links) in _samples.OrderBy(samples => samples.Key))
        {
            foreach (var link in links)
            {
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<h3>{DecisionFile.Name(standing)}, posterior {link.Own.Posterior:0.####}</h3><table><tr><th>trait</th><th>level</th><th>bits</th></tr>\n"
                );
                foreach (var trait in Explain.Traits(link.Seen, parameters, 0))
                {
                    page.Append(
                        CultureInfo.InvariantCulture,
                        $"<tr><td>{System.Net.WebUtility.HtmlEncode(trait.Trait)}</td><td>{trait.Level}</td><td>{trait.Bits:+0.0;-0.0;0.0}</td></tr>\n"
                    );
                }

                page.Append("</table>\n");
            }
        }
    }

    private sealed record Point(double Threshold, int Alerted, double Wrong, double Missed)
    {
        public static Point At(double threshold, List<float> posteriors)
        {
            var all = posteriors.Sum(posterior => (double)posterior);
            var told = posteriors.Where(posterior => posterior >= threshold).ToList();
            var right = told.Sum(posterior => (double)posterior);
            return new(
                threshold,
                told.Count,
                100 * (told.Count - right) / Math.Max(told.Count, 1),
                100 * (all - right) / Math.Max(all, 1e-9)
            );
        }
    }
}
