using System.Globalization;

namespace Safeguarding.Bench.Linkage;

/// <summary>
/// Compares what posteriors promise with what is true, each attendance weighed by how common its kind is in
/// life.
/// </summary>
internal sealed class Calibration
{
    private static readonly double[] Edges = [0, 0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999, 1.0000001];

    private readonly double[] _weight = new double[Edges.Length - 1];
    private readonly double[] _promised = new double[Edges.Length - 1];
    private readonly double[] _true = new double[Edges.Length - 1];
    private readonly List<(double Posterior, bool Same, double Weight)> _all = [];

    public void Add(double posterior, bool same, double weight)
    {
        var bin = Array.FindLastIndex(Edges, edge => edge <= posterior);
        _weight[bin] += weight;
        _promised[bin] += posterior * weight;
        _true[bin] += same ? weight : 0;
        _all.Add((posterior, same, weight));
    }

    public void Print(TextWriter text, double truths)
    {
        text.WriteLine("posterior           weight  promised      true");
        for (var i = 0; i < _weight.Length; i++)
        {
            if (_weight[i] > 0)
            {
                text.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Edges[i], 6:0.###} to {Math.Min(Edges[i + 1], 1), 6:0.###} {_weight[i], 10:F1} "
                            + $"{_promised[i] / _weight[i], 9:F4} {_true[i] / _weight[i], 9:F4}"
                    )
                );
            }
        }

        text.WriteLine();
        text.WriteLine("trade-off: told above a posterior   missed %   wrong of those told %");
        foreach (var threshold in new[] { 0.01, 0.02, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999 })
        {
            var told = _all.Where(pair => pair.Posterior >= threshold).ToList();
            var right = told.Where(pair => pair.Same).Sum(pair => pair.Weight);
            var wrong = told.Where(pair => !pair.Same).Sum(pair => pair.Weight);
            text.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{threshold, 35:0.####} {100 * (1 - (right / truths)), 10:F3} "
                        + $"{100 * wrong / Math.Max(right + wrong, 1e-9), 23:F4}"
                )
            );
        }
    }
}
