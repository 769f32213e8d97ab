using Safeguarding.PlanRegistry.Uploads;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>
/// The files a council is shown first do what the README says of them, and the README says what the code
/// does.
/// </summary>
public sealed class The_sample_files(HubServers servers)
{
    [Fact]
    public async Task Loaded_in_order_they_do_what_the_README_says()
    {
        await using var registry = await Registry.StartAsync(servers);
        using var council = registry.Council();

        var full = await Registry.UploadAsync(council, Sample("full-register.csv"), 1);
        var changes = await Registry.UploadAsync(council, Sample("changes.csv"), 2, "changes");
        var again = await Registry.UploadAsync(
            council,
            Sample("changes.ndjson"),
            3,
            "changes",
            contentType: "application/x-ndjson"
        );
        var faulty = await Registry.UploadAsync(council, Sample("faulty-lines.csv"), 4, "changes");

        Assert.Equal(
            (10, "CPF02"),
            (full.GetProperty("counts").GetProperty("registered").GetInt32(), full.GetProperty("code").GetString())
        );
        Assert.Equal(
            ["amended", "ended", "deleted", "amended", "registered"],
            (await Registry.LinesAsync(council, changes)).Select(line => line.Outcome)
        );
        Assert.Equal(
            Enumerable.Repeat("unchanged", 5),
            (await Registry.LinesAsync(council, again)).Select(line => line.Outcome)
        );
        Assert.Equal("CPF03", faulty.GetProperty("code").GetString());
        Assert.Equal(
            [
                (2, "registered", null),
                (3, "refused", "nhs-number-check-digit"),
                (4, "refused", "kind-family-member"),
                (5, "refused", "date-ambiguous"),
                (6, "refused", "end-before-start"),
                (7, "refused", "identifier-missing"),
                (8, "registered", "birth-date-implausible"),
                (9, "refused", "column-count"),
                (10, "refused", "reference-repeated"),
                (11, "refused", "reference-repeated"),
            ],
            await Registry.LinesAsync(council, faulty)
        );
        var linked = await Registry.GetAsync(council, "/plans/UB-2026-0009");
        Assert.Equal("Kelis", linked.GetProperty("mother").GetProperty("names")[0].GetProperty("given")[0].GetString());
    }

    [Fact]
    public void The_README_has_every_column_and_every_code_of_a_line()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "service", "councils.md"));

        var missing = UploadColumn
            .All.Select(column => $"| `{column.Name}` | {column.Meaning} |")
            .Where(row => !readme.Contains(row, StringComparison.Ordinal))
            .ToList();
        Assert.True(missing.Count == 0, "Put these rows into the table of columns:\n" + string.Join('\n', missing));
        var codes = Validating
            .Validating_a_line.Cases()
            .Select(row => row.Data.Item3)
            .Where(verdict => verdict != "good")
            .Select(verdict => verdict.Replace("taken ", "", StringComparison.Ordinal))
            .Distinct()
            .Order()
            .Where(code => !readme.Contains($"`{code}`", StringComparison.Ordinal))
            .ToList();
        Assert.True(codes.Count == 0, "The README does not explain: " + string.Join(", ", codes));
    }

    private static string Sample(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", name));
}
