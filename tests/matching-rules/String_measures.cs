using CsCheck;
using F23.StringSimilarity;
using Safeguarding.Matching.Rules.Measures;

namespace Safeguarding.Matching.Tests.Rules;

public sealed class String_measures
{
    // Up to ten letters: in longer words the library counts a common prefix for less than Winkler does.
    private static readonly Gen<string> Word = Gen.Char["ABCDEMNO"].Array[0, 10].Select(letters => new string(letters));

    [Fact]
    public void Jaro_Winkler_agrees_with_the_library()
    {
        var library = new F23.StringSimilarity.JaroWinkler();
        Gen.Select(Word, Word)
            .Sample(
                (left, right) =>
                {
                    var ours = Safeguarding.Matching.Rules.Measures.JaroWinkler.Similarity(left, right);
                    var theirs = new[] { library.Similarity(left, right), library.Similarity(right, left) }
                        .Select(their => EndPrefixAtFour(their, left, right))
                        .ToArray();
                    // The library counts in single precision: at its threshold for the common prefix the two fall on
                    // different sides.
                    Assert.True(
                        theirs.Any(their => Math.Abs(their - 0.7) < 1e-6)
                            || theirs.Any(their => Math.Abs(ours - their) < 1e-6),
                        $"{left} {right}: {ours}, not {theirs[0]} or {theirs[1]}"
                    );
                },
                iter: 20_000
            );
    }

    [Fact]
    public void A_similarity_that_two_words_reach_is_never_ruled_out_beforehand() =>
        Gen.Select(Word, Word)
            .Sample(
                (left, right) =>
                    Safeguarding.Matching.Rules.Measures.JaroWinkler.MayReach(
                        Safeguarding.Matching.Rules.Measures.JaroWinkler.Similarity(left, right),
                        left,
                        right
                    ),
                iter: 50_000
            );

    // Winkler's prefix ends at four letters, the library's goes on: the Jaro similarity is worked out of its answer and
    // weighed again.
    private static double EndPrefixAtFour(double their, string left, string right)
    {
        var prefix = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        if (prefix <= 4 || their < 0.7 || left == right)
            return their;
        var jaro = (their - (0.1 * prefix)) / (1 - (0.1 * prefix));
        return jaro + (0.4 * (1 - jaro));
    }

    [Fact]
    public void Edit_distance_agrees_with_the_library()
    {
        var library = new OptimalStringAlignment();
        Gen.Select(Word, Word)
            .Sample(
                (left, right) => EditDistance.Between(left, right, 20) == (int)library.Distance(left, right),
                iter: 20_000
            );
    }

    [Fact]
    public void Edit_distance_of_near_words_agrees_with_the_library_up_to_its_limit()
    {
        var library = new OptimalStringAlignment();
        var near =
            from word in Word
            from place in Gen.Int[0, word.Length]
            from slip in Gen.Int[0, 3]
            from letter in Gen.Char["ABCDEMNO"]
            select (
                word,
                slip switch
                {
                    0 => word.Insert(place, letter.ToString()),
                    1 when place < word.Length => word.Remove(place, 1),
                    2 when place < word.Length => word.Remove(place, 1).Insert(place, letter.ToString()),
                    3 when place + 1 < word.Length => word[..place]
                        + word[place + 1]
                        + word[place]
                        + word[(place + 2)..],
                    _ => word,
                }
            );

        Gen.Select(near, near)
            .Sample(
                (first, second) =>
                {
                    (string, string)[] pairs =
                    [
                        first,
                        second,
                        (first.Item2, second.Item2),
                        (first.Item2, first.Item1[..(first.Item1.Length / 2)] + second.Item2),
                    ];
                    return pairs.All(pair =>
                        Enumerable
                            .Range(1, 3)
                            .All(atMost =>
                                EditDistance.Between(pair.Item1, pair.Item2, atMost)
                                == Math.Min((int)library.Distance(pair.Item1, pair.Item2), atMost + 1)
                            )
                    );
                },
                iter: 20_000
            );
    }

    [Fact]
    public void Measures_are_symmetric() =>
        Gen.Select(Word, Word)
            .Sample(
                (left, right) =>
                    Safeguarding.Matching.Rules.Measures.JaroWinkler.Similarity(left, right)
                        == Safeguarding.Matching.Rules.Measures.JaroWinkler.Similarity(right, left)
                    && EditDistance.Between(left, right, 3) == EditDistance.Between(right, left, 3),
                iter: 20_000
            );

    [Fact]
    public void Measures_allocate_nothing()
    {
        Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Measure();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static double Measure() =>
            Safeguarding.Matching.Rules.Measures.JaroWinkler.Similarity("OKONKWO", "OKONKOW")
            + EditDistance.Between("OKONKWO", "OKONKOW", 3);
    }
}
