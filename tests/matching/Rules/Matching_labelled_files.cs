using System.Globalization;
using Safeguarding.MatchFiles;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// Other tools' figures on public labelled files. The files are not part of the repository: HUB_TEST_LINKAGE_DATA names
/// their folder.
/// </summary>
public sealed class Matching_labelled_files
{
    private const string FebrlMap =
        """{"id":"rec_id","identifier":"soc_sec_id","given_names":"given_name","family_name":"surname","birth_date":"date_of_birth","postcode":"postcode","address":["street_number","address_1","address_2"],"place":["suburb","state"]}""";

    [Theory]
    [InlineData(false, 0.9980)]
    [InlineData(true, 0.9942)]
    public void Febrl_3_against_itself(bool withoutIdentifier, double fastLink) =>
        Assert.True(F1Of("dataset3.csv", FebrlMap, withoutIdentifier, id => id.Split('-')[1]) > fastLink);

    [Fact]
    public void Fake_1000_against_itself()
    {
        var clusters = File.ReadLines(Path.Combine(Folder(), "fake_1000.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .ToDictionary(row => row[0], row => row[^1]);

        Assert.True(F1Of("fake_1000.csv", null, withoutIdentifier: false, id => clusters[id]) > 0.862);
    }

    // The truth is read here, after the decisions are written, and nowhere else.
    private static double F1Of(string file, string? map, bool withoutIdentifier, Func<string, string> personOf)
    {
        var folder = Directory.CreateTempSubdirectory("match-files");
        try
        {
            var output = Path.Combine(folder.FullName, "decisions.csv");
            var args = new List<string>
            {
                "--registry",
                Path.Combine(Folder(), file),
                "--self",
                "--estimate",
                "--floor",
                "0.5",
                "--out",
                output,
            };
            if (map is not null)
            {
                File.WriteAllText(Path.Combine(folder.FullName, "map.json"), map);
                args.AddRange(["--map", Path.Combine(folder.FullName, "map.json")]);
            }

            if (withoutIdentifier)
                args.Add("--no-identifier");
            Assert.Equal(0, LinkFiles.Run(args, TextWriter.Null));

            var people = File.ReadLines(Path.Combine(Folder(), file))
                .Skip(1)
                .Select(line => personOf(line.Split(',')[0].Trim()));
            var pairs = people.GroupBy(person => person).Sum(group => group.Count() * (group.Count() - 1));
            var told = File.ReadLines(output)
                .Skip(1)
                .Select(line => line.Split(','))
                .Where(row => double.Parse(row[2], CultureInfo.InvariantCulture) >= 0.5)
                .ToList();
            double right = told.Count(row => personOf(row[0]) == personOf(row[1]));
            return 2 * right / (told.Count + pairs);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Folder()
    {
        var folder = Environment.GetEnvironmentVariable("HUB_TEST_LINKAGE_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "HUB_TEST_LINKAGE_DATA names no folder with the labelled files.");
        return folder!;
    }
}
