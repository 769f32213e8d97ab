using Safeguarding.Mutation;

// dotnet Safeguarding.Mutation.dll ROOT STATE PART [--sample N] [--quick] [--report] [FILE…]
var root = args[0];
var part = Part.All.Single(part => part.Name == args[2]);
var folder = Path.Combine(args[1], "mutation", part.Name);
var words = args[3..].ToList();
var onlyReport = words.Remove("--report");
var quick = words.Remove("--quick");
if (quick && part.Quick.Length == 0)
    return Refuse($"{part.Name} has no quick tests");
var sample = int.MaxValue;
if (words.IndexOf("--sample") is var at and >= 0)
{
    if (at + 1 >= words.Count || !int.TryParse(words[at + 1], out sample) || sample < 1)
        return Refuse("--sample is followed by how many mutants are tried");
    words.RemoveRange(at, 2);
}

// Before the mutants are made, which takes minutes.
var sources = Directory.EnumerateFiles(Path.Combine(root, part.Folder), "*.cs", SearchOption.AllDirectories);
foreach (var word in words.Except(sources.Select(file => Path.GetFileName(file)!)))
    return Refuse($"there is no file {word} in {part.Folder}");

var mutants = await Mutants.MakeAsync(part, root, folder);
foreach (var word in words)
{
    if (!mutants.Any(mutant => Path.GetFileName(mutant.File) == word))
        return Refuse($"there are no mutants of a file {word} in {part.Folder}");
}

// Always the same order: a larger sample contains the smaller, and a run that was stopped goes on where it was.
new Random(12).Shuffle(mutants);
Mutant[] drawn =
[
    .. mutants.Where(mutant => words.Count == 0 || words.Contains(Path.GetFileName(mutant.File))).Take(sample),
];
var results = new Results(folder, quick, Mutants.Fingerprint(Path.Combine(root, part.Tests)));
if (!onlyReport)
    await new Trials(part, quick, root, folder, results).RunAsync(drawn);
return Report.Write(part, quick, mutants.Length, drawn, results);

static int Refuse(string why)
{
    Console.Error.WriteLine(why);
    return 2;
}
