using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Safeguarding.Hosting;
using Safeguarding.PlanRegistry.Domain.Uploads;
using Safeguarding.PlanRegistry.Uploads;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests.Validating;

/// <summary>Every row of <c>lines.csv</c> is a case: as a CSV line and as an NDJSON line.</summary>
public sealed partial class Validating_a_line
{
    private static readonly Dictionary<string, string> GoodLine = new()
    {
        ["reference"] = "CP-1",
        ["kind"] = "child-protection",
        ["start_date"] = "2026-03-01",
        ["nhs_number"] = Synthetic.NhsNumber(0).Reveal(),
        ["family_name"] = "Dorfield",
        ["given_names"] = "Robyn May",
        ["birth_date"] = "2018-05-04",
        ["sex"] = "female",
        ["postcode"] = "ZZ1 1AA",
    };

    public static TheoryData<string, string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string, string>();
        foreach (
            var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Validating", "lines.csv"))
                .Where(line => !line.StartsWith('#'))
                .Skip(1)
        )
        {
            var fields = CsvText.Fields(line)!;
            cases.Add(fields[0], fields[1], fields[2], fields[3]);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_case_of_the_table_is_validated_as_it_says_in_CSV_and_in_NDJSON(
        string what,
        string changes,
        string verdict,
        string column
    )
    {
        var values = With(changes);

        foreach (var (format, line) in new[] { ("CSV", AsCsv(values)), ("NDJSON", AsNdjson(values)) })
        {
            var expected = verdict == "good" ? "good" : $"{verdict} in {column}";
            Assert.True(expected == Said(line), $"{what} ({format}): expected {expected}, was {Said(line)}");
        }
    }

    [Fact]
    public void A_refusal_says_which_plan_it_is_about_and_never_what_the_line_said()
    {
        foreach (var (_, changes, verdict, _) in Cases().Select(row => row.Data))
        {
            // The words on the misread SNOMED code name that code, which is nobody's data.
            if (verdict is "good" or "kind-family-member")
                continue;

            var values = With(changes);
            var line = AsCsv(values);

            Assert.Equal(
                verdict.StartsWith("reference-", StringComparison.Ordinal) ? null : values["reference"],
                line is UploadLine.Registers taken ? taken.Reference : ((UploadLine.Refused)line).Reference
            );

            var faults = line is UploadLine.Registers { Warnings: var warnings }
                ? warnings
                : ((UploadLine.Refused)line).Errors;
            foreach (
                var value in changes
                    .Split('|')
                    .Select(change => change[(change.IndexOf('=') + 1)..])
                    .Where(value => value.Length > 6)
            )
            {
                Assert.DoesNotContain(
                    Write(value),
                    string.Concat(faults.Select(fault => fault.Words)),
                    StringComparison.Ordinal
                );
            }
        }
    }

    [Fact]
    public void A_good_line_is_read_in_full()
    {
        var line = Assert.IsType<UploadLine.Registers>(
            AsCsv(
                With(
                    "family_name= O'Dorfield  Fenn |former_names=Harfield, Robyn May; Kel|other_names=, "
                        + "Bobby|former_postcodes=ZZ2 2BB|phones=020 7946 0000; 020 7946 0001"
                        + "|mother_nhs_number={nhs2}|mother_former_names=Ulfield, Anna|sex=1|end_date=01/04/2026"
                )
            )
        );

        var child = line.Facts.Subject;
        Assert.Equal((new DateOnly(2026, 3, 1), new DateOnly(2026, 4, 1)), (line.Facts.StartDate, line.Facts.EndDate));
        Assert.Equal(
            ["Usual O'Dorfield Fenn: Robyn May", "Former Harfield: Robyn May", "Former Kel: ", "Other : Bobby"],
            child.Names.Select(name => $"{name.Use} {name.Family}: {string.Join(' ', name.Given)}")
        );
        Assert.Equal(
            [("ZZ1 1AA", false), ("ZZ2 2BB", true)],
            child.Postcodes.Select(postcode => (postcode.Postcode, postcode.Former))
        );
        Assert.Equal(["020 7946 0000", "020 7946 0001"], child.Phones);
        Assert.Equal(Contracts.Persons.Sex.Male, child.Sex);
        Assert.Equal(Synthetic.NhsNumber(2), child.Mother!.Identifier.NhsNumber);
        Assert.Equal("Ulfield", Assert.Single(child.Mother.Names).Family);
        Assert.Null(child.Mother.Mother);
    }

    [Theory]
    [InlineData("CP-1,\"child-protection", "quotes")]
    [InlineData("CP-1,child\"-protection", "quotes")]
    [InlineData("CP-1,\"child\"x,2026-03-01", "quotes")]
    [InlineData("CP-1,child-protection", "column-count")]
    [InlineData("CP-1,child-protection,2026-03-01,Dorfield, Robyn", "column-count")]
    public void A_line_whose_columns_may_have_shifted_is_refused_and_its_reference_only_guessed(
        string line,
        string code
    )
    {
        var refused = Assert.IsType<UploadLine.Refused>(
            CsvLine.Validate(Header("reference,kind,start_date"), Encoding.UTF8.GetBytes(line), Registry.Today)
        );

        Assert.Equal(code, Assert.Single(refused.Errors).Code);
        Assert.False(refused.IsSure);
        Assert.Equal("CP-1", refused.Reference);
    }

    [Theory]
    [InlineData("""["CP-1"]""", "json")]
    [InlineData("""{"reference":"CP-1","kind":""", "json")]
    [InlineData("""{"reference":"CP-1"}{"reference":"CP-2"}""", "json")]
    [InlineData("""{"reference":"CP-1","reference":"CP-2"}""", "column-twice")]
    [InlineData("""{"reference":"CP-1","enddate":"2026-01-01"}""", "column-unknown")]
    [InlineData("""{"reference":"CP-1","nhs_number":9000000009}""", "json-text")]
    [InlineData("""{"reference":"CP-1","given_names":["Robyn"]}""", "json-text")]
    [InlineData("""{"reference":"CP-1","given_names":"\ud800"}""", "encoding")]
    public void A_line_that_is_no_flat_JSON_object_of_texts_is_refused(string line, string code)
    {
        var refused = Assert.IsType<UploadLine.Refused>(
            NdjsonLine.Validate(Encoding.UTF8.GetBytes(line), Registry.Today)
        );

        Assert.Equal(code, Assert.Single(refused.Errors).Code);
        Assert.False(refused.IsSure);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_read_as_Windows_1252_with_a_warning()
    {
        byte[] latin1 = [.. "CP-1,D"u8, 0xF6, .. "rfield"u8];

        var header = Header("reference,family_name,kind,start_date,nhs_number");
        byte[] rest = [.. Encoding.UTF8.GetBytes($",child-protection,2026-03-01,{Synthetic.NhsNumber(0).Reveal()}")];

        var taken = Assert.IsType<UploadLine.Registers>(CsvLine.Validate(header, [.. latin1, .. rest], Registry.Today));
        Assert.Contains(taken.Warnings, fault => fault is { Code: "encoding-damaged", Field.Column: "family_name" });
        Assert.Equal("D\u00F6rfield", taken.Facts.Subject.Names[0].Family);

        // 0x81 is a letter in no encoding that the line could be in.
        byte[] unknown = [.. latin1.Select(b => b == 0xF6 ? (byte)0x81 : b), .. rest];
        var without = Assert.IsType<UploadLine.Registers>(CsvLine.Validate(header, unknown, Registry.Today));
        Assert.Contains(without.Warnings, fault => fault is { Code: "encoding", Field.Column: "family_name" });
        Assert.Empty(without.Facts.Subject.Names);
    }

    [Theory]
    [InlineData("reference,kind", null)]
    [InlineData("Reference, NHS Number ,start-date", null)]
    [InlineData("\"reference\",\"kind\"", null)]
    [InlineData("reference;kind;start_date", "header-separator")]
    [InlineData("reference\tkind", "header-separator")]
    [InlineData("CP-1,child-protection,2026-03-01", "header-missing")]
    [InlineData("reference,kind,enddate", "column-unknown")]
    [InlineData("reference,kind,kind", "column-twice")]
    [InlineData("kind,start_date", "column-missing")]
    [InlineData("reference,\"kind", "header-quotes")]
    [InlineData("reference,kind,,", null)]
    [InlineData("reference,,kind", "column-unknown")]
    [InlineData("reference,\"start\ndate\",\"nhs\r\nnumber\"", null)]
    [InlineData("reference,start\u00A0date,\u200BNHS\u00A0 number:", null)]
    public void The_first_line_must_name_the_columns_and_is_never_quoted(string line, string? code)
    {
        var (header, said, words) = CsvHeader.Read(line);

        Assert.Equal(code, said);
        Assert.Equal(code is null, header is not null);
        Assert.DoesNotContain("CP-1", words ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("enddate", words ?? "", StringComparison.Ordinal);
    }

    private static string Said(UploadLine line) =>
        line switch
        {
            UploadLine.Refused refused => $"{refused.Errors[0].Code} in {refused.Errors[0].Field?.Column}",
            UploadLine.Registers { Warnings: [var warning, ..] } => $"taken {warning.Code} in {warning.Field?.Column}",
            _ => "good",
        };

    private static Dictionary<string, string> With(string changes)
    {
        var values = new Dictionary<string, string>(GoodLine);
        foreach (var change in changes.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = change.IndexOf('=');
            values[change[..at]] = Write(change[(at + 1)..]);
        }

        return values;
    }

    private static UploadLine AsCsv(Dictionary<string, string> values) =>
        CsvLine.Validate(
            Header(string.Join(',', values.Keys)),
            Encoding.UTF8.GetBytes(
                string.Join(
                    ',',
                    values.Values.Select(value =>
                        value.AsSpan().ContainsAny(",\"")
                            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
                            : value
                    )
                )
            ),
            Registry.Today
        )!;

    private static UploadLine AsNdjson(Dictionary<string, string> values) =>
        NdjsonLine.Validate(JsonSerializer.SerializeToUtf8Bytes(values), Registry.Today);

    private static CsvHeader Header(string line) => CsvHeader.Read(line).Header!;

    private static string Write(string value)
    {
        var nhs = Synthetic.NhsNumber(0).Reveal();
        value = value
            .Replace("{nhs}", nhs, StringComparison.Ordinal)
            .Replace("{nhs2}", Synthetic.NhsNumber(2).Reveal(), StringComparison.Ordinal)
            .Replace("{nhs-spaced}", $"{nhs[..3]} {nhs[3..6]} {nhs[6..]}", StringComparison.Ordinal)
            .Replace("{nhs-wrong}", nhs[..9] + (char)('0' + ((nhs[9] - '0' + 1) % 10)), StringComparison.Ordinal)
            .Replace("{nhs3-00A0}", string.Join('\u00A0', nhs[..3], nhs[3..6], nhs[6..]), StringComparison.Ordinal)
            .Replace("{nhs3-2009}", string.Join('\u2009', nhs[..3], nhs[3..6], nhs[6..]), StringComparison.Ordinal)
            .Replace("{nhs3-2011}", string.Join('\u2011', nhs[..3], nhs[3..6], nhs[6..]), StringComparison.Ordinal)
            .Replace("{nhs3-double}", $"{nhs[..3]}  {nhs[3..6]}  {nhs[6..]}", StringComparison.Ordinal)
            .Replace("{nhs-5}", $"{nhs[..5]} {nhs[5..]}", StringComparison.Ordinal)
            .Replace("{nhs-wide}", string.Concat(nhs.Select(c => (char)(c - '0' + '\uFF10'))), StringComparison.Ordinal)
            .Replace("{q}", "\"", StringComparison.Ordinal)
            .Replace("{x101}", new string('x', 101), StringComparison.Ordinal);
        return CodePoint()
            .Replace(value, match =>
                (
                    (char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                ).ToString()
            );
    }

    [GeneratedRegex(@"\{U\+([0-9A-F]{4})\}")]
    private static partial Regex CodePoint();
}
