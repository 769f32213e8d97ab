using System.Diagnostics;
using System.Globalization;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>Counts as the answers come, tells how far the work is, and sums up.</summary>
internal sealed class Summary(TextWriter text, int queries)
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly int[] _outcomes = new int[3];
    private TimeSpan _told;
    private long _candidates;
    private int _done,
        _without,
        _capped;

    /// <summary>Counts of persons by their posterior in steps of five hundredths.</summary>
    public int[] Histogram { get; } = new int[20];

    /// <summary>Posteriors of all persons found, for the trade-off curve.</summary>
    public List<float> Posteriors { get; } = [];

    /// <summary>What the prior is taken to be.</summary>
    public static string PriorInWords(Parameters parameters) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"prior: {parameters.Register.Size:N0} people on the register (parameters {parameters.Version}); a query is of one of them with probability {parameters.Register.OnRegister:0.####}"
        );

    public void Step(string what) =>
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds, 7:F1} s  {what}"));

    public void Count(Answer answer)
    {
        _done++;
        _candidates += answer.Candidates;
        _without += answer.Candidates == 0 ? 1 : 0;
        _capped += answer.Capped ? 1 : 0;
        var best = answer.Links.Select(link => link.Own.Outcome).DefaultIfEmpty(CandidateOutcome.NoMatch).Min();
        _outcomes[(int)best]++;
        foreach (var person in answer.Links.Select(link => link.Person).Distinct())
        {
            Histogram[Math.Min((int)(person.Posterior * Histogram.Length), Histogram.Length - 1)]++;
            Posteriors.Add((float)person.Posterior);
        }

        if (_clock.Elapsed - _told < Often)
            return;
        _told = _clock.Elapsed;
        Step($"{_done:N0} of {queries:N0} looked for");
    }

    public void End(TimeSpan linking)
    {
        var each = Math.Max(_done, 1);
        Step("done");
        text.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""

                queries                {_done:N0}, {linking.TotalMilliseconds / each:F2} ms each
                matched                {_outcomes[(int)CandidateOutcome.Matched]:N0}
                needs review           {_outcomes[(int)CandidateOutcome.NeedsReview]:N0}
                no match               {_outcomes[(int)CandidateOutcome.NoMatch]:N0}
                candidates             {(double)_candidates / each:F1} each; none for {_without:N0} queries ({100.0
                    * _without
                    / each:F2} %)
                block keys capped      for {_capped:N0} queries at least one key was shared by too many rows and left out
                memory                 {Environment.WorkingSet / 1024 / 1024:N0} MiB
                """
            )
        );
    }
}
