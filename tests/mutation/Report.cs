namespace Safeguarding.Mutation;

/// <summary>The survivors, a line for each file, and the score.</summary>
internal static class Report
{
    public static int Write(Part part, bool quick, int all, IReadOnlyList<Mutant> drawn, Results results)
    {
        // Nothing after one that was not tried yet: survivors and those that loop take longest, and would be missing.
        var tried = drawn.TakeWhile(mutant => results.Of(mutant) is not null).ToArray();
        foreach (var file in tried.GroupBy(mutant => mutant.File).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var survivors = file.Where(Survived).OrderBy(mutant => mutant.Line).ToArray();
            Console.WriteLine($"{file.Key}: {file.Count() - survivors.Length} of {file.Count()} detected");
            foreach (var mutant in survivors)
                Console.WriteLine($"  {mutant.Line}: {mutant.Mutator}: {Short(mutant.Was)} -> {Short(mutant.Becomes)}");
        }

        var detected = tried.Count(mutant => !Survived(mutant));
        var (low, high) = Wilson(detected, tried.Length);
        Console.WriteLine(
            $"{part.Name}: {100.0 * detected / Math.Max(1, tried.Length):0.0} % of {tried.Length} mutants detected ("
                + $"{tried.Count(mutant => results.Of(mutant) == Verdict.Killed)} killed, "
                + $"{tried.Count(mutant => results.Of(mutant) == Verdict.TimedOut)} timed out, "
                + $"{tried.Length - detected} survived), of {all} there are"
        );
        if (quick)
            Console.WriteLine("Only the quick tests were run. All tests detect no fewer.");
        if (tried.Length < all)
            Console.WriteLine($"95 % interval of a random sample as large: {100 * low:0.0} to {100 * high:0.0} %");
        return detected >= part.Target * tried.Length ? 0 : 1;

        bool Survived(Mutant mutant) => results.Of(mutant) == Verdict.Survived;
    }

    private static string Short(string text) => text.Length <= 90 ? text : text[..87] + "...";

    private static (double Low, double High) Wilson(int hits, int of)
    {
        const double Z = 1.96;
        if (of == 0)
            return (0, 1);
        var share = (double)hits / of;
        var centre = share + (Z * Z / (2 * of));
        var spread = Z * Math.Sqrt((share * (1 - share) / of) + (Z * Z / (4.0 * of * of)));
        var scale = 1 + (Z * Z / of);
        return ((centre - spread) / scale, (centre + spread) / scale);
    }
}
