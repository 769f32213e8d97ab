using System.Globalization;

namespace Safeguarding.Bench.Linkage;

/// <summary>What one way of matching did in one stratum.</summary>
internal sealed class Tally
{
    private int _registered,
        _found,
        _inReview,
        _strangers,
        _falseStranger,
        _falseSibling,
        _reviewed,
        _all;

    public double Recall => 100.0 * _found / Math.Max(_registered, 1);

    public double RecallWithReview => 100.0 * (_found + _inReview) / Math.Max(_registered, 1);

    /// <summary>Attendances that a person is asked about.</summary>
    public double ReviewsPerThousand => 1000.0 * _reviewed / Math.Max(_all, 1);

    public int Registered => _registered;

    public int Found => _found;

    public int Recognised => _found + _inReview;

    public int FalseSibling => _falseSibling;

    public int FalseStranger => _falseStranger;

    public int All => _all;

    public void Count(bool registered, Verdict verdict)
    {
        _all++;
        _falseSibling += verdict.MatchedSibling ? 1 : 0;
        _falseStranger += verdict.MatchedStranger ? 1 : 0;
        _reviewed += verdict.Review ? 1 : 0;
        if (!registered)
        {
            _strangers++;
            return;
        }

        _registered++;
        _found += verdict.MatchedSelf ? 1 : 0;
        _inReview += verdict is { MatchedSelf: false, ReviewsSelf: true } ? 1 : 0;
    }

    public string Row(string name) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name, -32} {_all, 8:N0} {_registered, 8:N0} {Recall, 8:F2} {RecallWithReview, 8:F2} "
                + $"{_falseSibling, 8} {_falseStranger, 9} "
                + $"{10_000.0 * _falseStranger / Math.Max(_strangers, 1), 9:F2} "
                + $"{ReviewsPerThousand, 10:F1}"
        );

    public const string Heading =
        "stratum                          attended  on plan  matched +review  sibling  stranger /10k str. asked/1000";
}

/// <summary>What was said of one attendance, seen by one who knows the truth.</summary>
internal readonly record struct Verdict(
    bool MatchedSelf,
    bool ReviewsSelf,
    bool MatchedSibling,
    bool MatchedStranger,
    bool Review
);
