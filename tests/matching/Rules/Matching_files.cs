using System.Globalization;
using System.Text;
using Safeguarding.MatchFiles;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// What data teams hand to <c>match-files</c>: other separators, other headings, rows that are
/// broken.
/// </summary>
public sealed class Matching_files : IDisposable
{
    private const string Headings = "id,nhs_number,given_name,surname,dob,postcode\n";
    private const string Robyn = "r1,9434765919,Robyn,Okonkwo-Hart,2017-03-09,LS8 4HQ\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("match-files");

    [Fact]
    public void A_broken_row_is_left_out_with_its_line_and_takes_no_other_row_with_it()
    {
        var registry =
            Headings
            + Robyn
            + "r2,9000000009,Alfie,Whitcombe,2016-04-04\n" // a field short
            + "r3,9000000017,\"Morgan,Ashgrove,2015-05-05,M1 1AA\n" // a mark never closed
            + "r4,9000000025,Temi,Adebayo,2014-06-06,\"M1\n 1AA\"\n" // a line break inside a value
            + ",9000000033,Nobody,Known,2014-06-06,M1 1AB\n"
            + "r1,9000000041,Same,Id,2014-06-06,M1 1AC\n"
            + "r5,9000000068,Kofi,Mensah,2013-07-07,M1 1AD\n";
        var (told, rows) = Matched(
            registry,
            Headings
                + "e1,9434765919,Robyn,Okonkwo-Hart,2017-03-09,LS8 4HQ\ne2,9000000068,Kofi,Mensah,2013-07-07,M1 1AD\n"
        );

        Assert.Contains(
            "registry, line 3: left out: 5 fields, where the headings are 6",
            told,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "registry, line 4: left out: a quotation mark is opened and not closed",
            told,
            StringComparison.Ordinal
        );
        Assert.Contains("registry, line 7: left out: no id", told, StringComparison.Ordinal);
        Assert.Contains("registry, line 8: left out: its id stands on line 2 already", told, StringComparison.Ordinal);
        Assert.Contains("registry: 3 rows", told, StringComparison.Ordinal);
        Assert.Contains(rows, row => row is ["r1", "e1", ..]);
        Assert.Contains(rows, row => row is ["r5", "e2", ..]);
        Assert.DoesNotContain("Morgan", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_without_a_number_does_not_make_two_children_with_numbers_of_their_own_one()
    {
        const string Child = ",Robyn,Okonkwo-Hart,2017-03-09,LS8 4HQ\n";

        var (_, rows) = Matched(
            Headings + "r1,9434765919" + Child + "r2,9434765870" + Child + "r3," + Child,
            Headings + "e1,9434765919" + Child
        );

        Assert.Contains(rows, row => row is ["r1", "e1", ..]);
        Assert.DoesNotContain(rows, row => row is ["r2", "e1", _, "matched", ..]);
    }

    [Fact]
    public void Semicolons_byte_order_marks_other_headings_and_old_encodings_are_read()
    {
        File.WriteAllText(
            Path("map.json"),
            """
            { "registry": { "id": "ref", "identifier": "no", "given_names": "first", "family_name": "last", "birth_date": "born", "address": ["street"] },
              "encounters": { "id": "case", "identifier": "nat", "given_names": "fn", "family_name": "sn", "birth_date": "d", "address": ["addr"] } }
            """
        );
        File.WriteAllBytes(
            Path("R.csv"),
            Encoding.Latin1.GetBytes(
                "ref;no;first;last;born;street\na;;Siân;Müller;09/03/2017;12 Ash Road\nb;;Tom;Hart;25/12/2016;4 Elm "
                    + "Close\n"
            )
        );
        File.WriteAllText(
            Path("E.csv"),
            "case\tnat\tfn\tsn\td\taddr\nx\t\tSian\tMuller\t2017-03-09\t12 Ash Road\n",
            new UTF8Encoding(true)
        );

        var told = Run("--map", Path("map.json"));

        Assert.Contains("registry: not UTF-8, read as Windows-1252", told, StringComparison.Ordinal);
        var lines = File.ReadAllLines(Path("out.csv"));
        Assert.Contains("bits_address.street", lines[0], StringComparison.Ordinal);
        var row = lines[1].Split(',');
        Assert.Equal(["a", "x"], row[..2]);
        // The street is compared, whatever either file calls it.
        Assert.True(double.Parse(row[^1], CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public void The_report_draws_the_trade_off_and_fetches_and_names_nothing()
    {
        File.WriteAllText(Path("R.csv"), Headings + Robyn + "r2,9000000068,Kofi,Mensah,2013-07-07,M1 1AD\n");
        File.WriteAllText(
            Path("E.csv"),
            Headings + "e1,9434765919,Robyn,Okonkwo-Hart,2017-03-09,LS8 4HQ\ne2,,Robin,Okonkwo,2017-03-09,\n"
        );

        Run("--report", Path("report.html"));

        var page = File.ReadAllText(Path("report.html"));
        var points = page.Split("<polyline points=\"")[1].Split('"')[0].Split(' ');
        Assert.Equal(points.Length, page.Split("<circle").Length - 1);
        Assert.True(points.Length > 5);
        foreach (var absent in (string[])["Robyn", "Robin", "Okonkwo", "9434765919", "2017", "LS8", "<script", "http"])
            Assert.DoesNotContain(absent, page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_refused_with_the_reason()
    {
        File.WriteAllText(Path("R.csv"), "name,dob\nRobyn,2017-03-09\n");
        File.WriteAllText(Path("E.csv"), Headings);

        Assert.Contains("The file has no column named id", Run(code: 2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--out", "R.csv", "--out would be written over the file of --registry.")]
    [InlineData("--report", "./E.csv", "--report would be written over the file of --encounters.")]
    [InlineData("--save-parameters", "out.csv", "would be written over the file of --")]
    [InlineData("--floor", "2", "--floor wants a number from 0 to 1.")]
    [InlineData("--register-size", "0", "--register-size wants a whole number from 1.")]
    [InlineData("--map", "broken.json", "The map is no well-formed JSON")]
    [InlineData("--encounters", "empty.csv", "encounters: The file is empty.")]
    [InlineData("--registry", ".", "denied")]
    public void A_slip_on_the_command_line_is_refused_and_writes_over_nothing(string option, string value, string said)
    {
        File.WriteAllText(Path("R.csv"), Headings + Robyn);
        File.WriteAllText(Path("E.csv"), Headings + Robyn);
        File.WriteAllText(Path("broken.json"), "{");
        File.WriteAllText(Path("empty.csv"), "");

        Assert.Contains(
            said,
            Run(2, option, option is "--floor" or "--register-size" ? value : Path(value)),
            StringComparison.Ordinal
        );

        Assert.Equal(Headings + Robyn, File.ReadAllText(Path("R.csv")));
        Assert.Equal(Headings + Robyn, File.ReadAllText(Path("E.csv")));
        Assert.False(File.Exists(Path("out.csv")));
    }

    [Theory]
    [InlineData("", "prior: 150,000 people on the register")]
    [InlineData("--register-size 2", "prior: 2 people on the register")]
    public void The_prior_is_the_registers_unless_set_otherwise_and_is_printed(string options, string said)
    {
        string[] more = options.Length == 0 ? [] : options.Split(' ');

        var (told, _) = Matched(Headings + Robyn, Headings + Robyn, more);

        Assert.Contains(said, told, StringComparison.Ordinal);
        Assert.Contains(
            "leave --register-size out",
            Run(2, "--estimate", "--register-size", "9"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_asked_is_written_below_the_floor_and_an_invalid_number_is_none()
    {
        const string Council = "council," + Headings;

        var (told, rows) = Matched(
            Council + "E08000035," + Robyn + ",r2,,Alfie,Whitcombe,2016-04-04,M1 1AA\n",
            Headings + "e1,,Robyn,Okonkwo-Hart,2017-03-09,LS8 4HR\ne2,9434765910,Temi,Adebayo,2014-06-06,M1 1AA\n",
            "--floor",
            "1"
        );

        Assert.Contains(rows, row => row is ["r1", "e1", _, "needs-review", ..]);
        Assert.Contains("registry, line 3: left out: no council", told, StringComparison.Ordinal);
        Assert.Contains(
            "encounters: nhs_number: 1 values are no NHS number, the first on line 3",
            told,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Other_parameters_in_shadow_change_nothing_and_list_what_they_would_change()
    {
        var stricter = Parameters.Default with
        {
            Version = "stricter",
            Costs = Parameters.Default.Costs with { WrongAlert = 1e12 },
        };
        using (var json = File.Create(Path("stricter.json")))
            stricter.Write(json);
        var encounters = Headings + "e1,,Robyn,Okonkwo-Hart,2017-03-09,LS8 4HQ\n";
        var (_, alone) = Matched(Headings + Robyn, encounters);

        var (told, rows) = Matched(Headings + Robyn, encounters, "--shadow", Path("stricter.json"));

        Assert.Equal(alone, rows);
        Assert.Contains("shadow, parameters stricter: 1 from matched to needs-review", told, StringComparison.Ordinal);
        var listed = File.ReadAllLines(Path("out.shadow.csv"));
        Assert.Equal(2, listed.Length);
        Assert.Matches("^r1,e1,[0-9.]+,matched,[0-9.]+,needs-review$", listed[1]);
    }

    [Fact]
    public void Estimated_parameters_are_kept_as_a_document_that_holds_nobodys_rare_name_number_or_address()
    {
        var random = new Random(7);
        var people = Enumerable
            .Range(0, 300)
            .Select(i =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{i},{9100000000 + (i * 7)},{(i == 9 ? "Zebedee" : i % 2 == 0 ? "Robyn" : "Alfie")},{(i == 9 ? "Quillfeather" : i % 3 == 0 ? "Hart" : "Ashgrove")},20{10 + random.Next(8)}-0{1 + random.Next(9)}-1{random.Next(10)},LS{1 + random.Next(20)} {random.Next(10)}AB\n"
                )
            );
        File.WriteAllText(Path("R.csv"), Headings + string.Concat(people));
        File.Copy(Path("R.csv"), Path("E.csv"));

        Run("--estimate", "--save-parameters", Path("kept.json"), "--save-frequencies", Path("names.json"));

        var kept = File.ReadAllText(Path("kept.json"));
        var names = File.ReadAllText(Path("names.json"));
        foreach (var rare in new[] { "QUILLFEATHER", "ZEBEDEE", "91000000", "LS1" })
        {
            Assert.DoesNotContain(rare, kept, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(rare, names, StringComparison.OrdinalIgnoreCase);
        }

        using var json = File.OpenRead(Path("kept.json"));
        Assert.StartsWith("estimated-", Parameters.Read(json).Version, StringComparison.Ordinal);
        using var counted = File.OpenRead(Path("names.json"));
        Assert.True(Population.Read(counted).ShareOf("familyName", "ASHGROVE") > 0.01);
        Run("--parameters", Path("kept.json"), "--frequencies", Path("names.json"));
    }

    private (string Told, List<string[]> Rows) Matched(string registry, string encounters, params string[] more)
    {
        File.WriteAllText(Path("R.csv"), registry);
        File.WriteAllText(Path("E.csv"), encounters);
        var told = Run(more);
        return (told, [.. File.ReadAllLines(Path("out.csv")).Skip(1).Select(line => line.Split(','))]);
    }

    private string Run(params string[] more) => Run(0, more);

    private string Run(int code, params string[] more)
    {
        using var text = new StringWriter();
        Assert.Equal(
            code,
            LinkFiles.Run(
                ["--registry", Path("R.csv"), "--encounters", Path("E.csv"), "--out", Path("out.csv"), .. more],
                text
            )
        );
        return text.ToString();
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
