namespace Safeguarding.TestKit;

/// <summary>The checkout that the running tests were built from.</summary>
public static class Repository
{
    /// <summary>Its full path.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Safeguarding.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Safeguarding.sln");
        return folder.FullName;
    }
}
