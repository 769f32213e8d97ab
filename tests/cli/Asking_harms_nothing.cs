namespace Safeguarding.Cli.Tests;

/// <summary>
/// <c>./hub</c> in a fresh clone, on a machine with neither SDK nor Docker: what can be said without either is
/// said, and nothing is done.
/// </summary>
public sealed class Asking_harms_nothing : IDisposable
{
    private readonly TemporaryFolder _clone = new();

    public Asking_harms_nothing()
    {
        foreach (
            var file in (string[])
                [
                    "hub",
                    "tools/lib.sh",
                    "tools/help.sh",
                    "tools/way.sh",
                    .. Directory.GetFiles(Repository.Texts).Select(text => Path.GetRelativePath(Repository.Root, text)),
                ]
        )
        {
            var copy = Path.Combine(_clone.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }
    }

    public static TheoryData<string> Verbs =>
        [
            .. Directory
                .GetFiles(Repository.Texts, "*.txt")
                .Select(Path.GetFileNameWithoutExtension)
                .Where(verb => verb != "hub")
                .Select(verb => verb!),
        ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_is_said_before_everything(string verb)
    {
        var words = verb.Split('.');

        Assert.All((Said[])[await HubAsync([.. words, "--help"]), await HubAsync([.. words, "--native", "-h"])], said =>
            Assert.Equal((0, File.ReadAllText(Path.Combine(Repository.Texts, $"{verb}.txt"))), (said.Code, said.Output))
        );
        AssertNothingDone();
    }

    [Theory]
    [InlineData("", 0, "./hub VERB")]
    [InlineData("--help", 0, "./hub VERB")]
    [InlineData("help status", 0, "--watch")]
    [InlineData("proove", 2, "Did you mean prove?")]
    [InlineData("stats", 2, "Did you mean status?")]
    [InlineData("xyzzy", 2, "There is no verb xyzzy.")]
    [InlineData("down --wip", 2, "Did you mean --wipe?")]
    [InlineData("down -wipe", 2, "There is no option -wipe.")]
    [InlineData("up --developmnet", 2, "Did you mean --development?")]
    [InlineData("demo --stopp", 2, "Did you mean --stop?")]
    [InlineData("prove --form 1h", 2, "Did you mean --from?")]
    [InlineData("prove --form=1h", 2, "Did you mean --from?")]
    [InlineData("status --wach", 2, "Did you mean --watch?")]
    [InlineData("status --jason", 2, "Did you mean --json?")]
    [InlineData("review --wrok", 2, "Did you mean --work?")]
    [InlineData("replay deliveries --form 6h", 2, "Did you mean --from?")]
    [InlineData("replay delivries --from 6h", 2, "Did you mean deliveries?")]
    [InlineData("clients ad", 2, "Did you mean add?")]
    [InlineData("clients add x --kye y", 2, "Did you mean --key?")]
    [InlineData("logs --follow", 2, "There is no option --follow.")]
    [InlineData("logs matchng", 2, "Did you mean matching?")]
    [InlineData("backup --too /safe", 2, "Did you mean --to?")]
    [InlineData("restore x --secret y", 2, "Did you mean --secrets?")]
    [InlineData("format --chek", 2, "Did you mean --check?")]
    [InlineData("status", 3, "not running")]
    [InlineData("prove", 3, "not running")]
    [InlineData("clients", 3, "not running")]
    [InlineData("backup", 3, "not running")]
    [InlineData("logs", 3, "not running")]
    [InlineData("upgrade", 3, "not running")]
    public async Task Unknown_words_are_refused_with_what_was_probably_meant(string words, int code, string says)
    {
        var said = await HubAsync(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(code, said.Code);
        Assert.Contains(says, said.All, StringComparison.Ordinal);
        AssertNothingDone();
    }

    public void Dispose() => _clone.Dispose();

    // /bin and /usr/bin have neither here where they have dotnet or docker, so only links to what the script may need.
    private Task<Said> HubAsync(string[] words)
    {
        var programs = Path.Combine(_clone.Path, "programs");
        if (!Directory.Exists(programs))
        {
            Directory.CreateDirectory(programs);
            foreach (
                var name in (string[])
                    [
                        "bash",
                        "sh",
                        "env",
                        "cat",
                        "ls",
                        "grep",
                        "sed",
                        "awk",
                        "tr",
                        "dirname",
                        "basename",
                        "id",
                        "mkdir",
                        "cksum",
                        "cut",
                        "setpriv",
                        "sort",
                        "date",
                    ]
            )
            {
                var found = ((string[])["/usr/bin", "/bin"])
                    .Select(folder => Path.Combine(folder, name))
                    .FirstOrDefault(File.Exists);
                if (found is not null)
                    File.CreateSymbolicLink(Path.Combine(programs, name), found);
            }
        }

        return Repository.RunAsync(
            "bash",
            [Path.Combine(_clone.Path, "hub"), .. words],
            ("PATH", programs),
            ("HOME", _clone.Path)
        );
    }

    private void AssertNothingDone() =>
        Assert.False(Directory.Exists(Path.Combine(_clone.Path, ".hub")), "something was begun in .hub");
}
