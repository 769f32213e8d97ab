using System.Text.RegularExpressions;
using Safeguarding.Bench.Hub;

namespace Safeguarding.Bench.Portal;

/// <summary>What a browser that was never here fetches for a page, in bytes of bodies as they are served.</summary>
internal sealed partial class FirstLoad
{
    private readonly Dictionary<string, int> _fetched = new(StringComparer.Ordinal);

    public async Task<int> OfAsync(PortalPage page, Answer answer, CancellationToken cancellationToken)
    {
        var bytes = answer.Body.Length;
        foreach (var name in Linked().Matches(answer.Text).Select(link => link.Groups["address"].Value).Distinct())
        {
            if (!_fetched.TryGetValue(name, out var size))
            {
                var file = await page.Person.OpenAsync(name, null, cancellationToken);
                if (file.Status != 200)
                    throw new BenchFailedException($"{name} answered {file.Status}");
                // Fonts and pictures that a style sheet names: there are none, and this says when that changes.
                if (file.Text.Contains("@font-face", StringComparison.Ordinal))
                    throw new BenchFailedException($"{name} names a font, which is not counted.");
                _fetched[name] = size = file.Body.Length;
            }

            bytes += size;
        }

        return bytes;
    }

    [GeneratedRegex("""<(?:link rel="(?:icon|stylesheet)" href|img [^>]*src|script [^>]*src)="(?<address>[^"]+)""")]
    private static partial Regex Linked();
}
