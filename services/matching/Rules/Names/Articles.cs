namespace Safeguarding.Matching.Rules.Names;

/// <summary>
/// The article of Arabic family names: Al-Masri, El Masry, Elmasry and Almasri are one name in four
/// spellings.
/// </summary>
internal static class Articles
{
    private static readonly HashSet<string> Known = ["AL", "EL", "UL", "AR", "AS", "AD", "AZ", "ASH", "AN", "AT"];

    /// <summary>Writes an article together with its word, and keeps the word by itself beside it.</summary>
    public static void Join(List<string> words)
    {
        for (var i = 0; i + 1 < words.Count; i++)
        {
            if (Known.Contains(words[i]) && words[i + 1].Length > 2)
                words[i] += words[i + 1];
        }
    }
}
