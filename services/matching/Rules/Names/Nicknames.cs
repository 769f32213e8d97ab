namespace Safeguarding.Matching.Rules.Names;

/// <summary>Which given names stand for one another.</summary>
internal static class Nicknames
{
    private static readonly Dictionary<string, string[]> Groups = Load();

    /// <summary>True where one is a short form of the other, or both are short forms of a third.</summary>
    public static bool Agree(string left, string right)
    {
        if (!Groups.TryGetValue(left, out var ours) || !Groups.TryGetValue(right, out var theirs))
            return false;
        foreach (var group in ours)
        {
            if (Array.IndexOf(theirs, group) >= 0)
                return true;
        }

        return false;
    }

    /// <summary>
    /// The texts under which a given name is stored (its skeleton, or its first nickname group) and searched (all of
    /// them).
    /// </summary>
    public static IEnumerable<string> GroupsOf(string word, bool searching)
    {
        yield return ConsonantKey.Of(word);
        if (!Groups.TryGetValue(word, out var groups))
            yield break;
        foreach (var group in searching ? groups : groups.AsSpan(0, 1).ToArray())
            yield return "=" + group;
    }

    // A line is a full name and its short forms; a short form may stand on several lines.
    private static Dictionary<string, string[]> Load()
    {
        var groups = new Dictionary<string, List<string>>();
        foreach (var names in NameLines.Read("nicknames.txt"))
        {
            foreach (var name in names)
            {
                if (!groups.TryGetValue(name, out var list))
                    groups[name] = list = [];
                list.Add(names[0]);
            }
        }

        return groups.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }
}
