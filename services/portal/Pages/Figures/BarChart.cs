namespace Safeguarding.Portal.Pages.Figures;

/// <summary>Stacked bars, one beside the other, drawn on the server; the table below them says the same.</summary>
/// <param name="Id">Of the element.</param>
/// <param name="Title">What is counted.</param>
/// <param name="Series">What the parts of a bar are, from the bottom.</param>
/// <param name="Bars">A label, and the parts; null where a count is too small to be shown.</param>
internal sealed record BarChart(
    string Id,
    string Title,
    IReadOnlyList<string> Series,
    IReadOnlyList<(string Label, IReadOnlyList<int?> Parts)> Bars
)
{
    public const int Width = 640;
    public const int Height = 200;

    /// <summary>The tallest bar, of what is shown.</summary>
    public int Highest => Bars.Max(bar => bar.Parts.Sum(part => part ?? 0));

    /// <summary>How far apart bars begin.</summary>
    public double Step => (double)Width / Bars.Count;

    /// <summary>The parts of a bar as rectangles, from the bottom.</summary>
    public IEnumerable<(int Series, double X, double Y, double Width, double Height)> Rectangles()
    {
        for (var bar = 0; bar < Bars.Count; bar++)
        {
            double bottom = Height;
            for (var part = 0; part < Series.Count; part++)
            {
                var height = (double)(Bars[bar].Parts[part] ?? 0) / Math.Max(1, Highest) * Height;
                if (height > 0)
                    yield return (part, bar * Step + Step * 0.15, bottom -= height, Step * 0.7, height);
            }
        }
    }

    /// <summary>What the axes say, in one sentence.</summary>
    public string InWords =>
        Highest == 0
            ? $"{Bars.Count} weeks with too few to be drawn."
            : $"{Bars.Count} weeks, from that of {Bars[0].Label} to that of {Bars[^1].Label}. The tallest bar is {Highest}.";
}
