using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Contracts;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.Contracts.Plans;
using Safeguarding.MatchFiles;
using Safeguarding.Matching.Domain.Reviews;
using Safeguarding.Matching.Names;
using Safeguarding.TestKit;
using static Safeguarding.Matching.Tests.MatchingUnderTest;

namespace Safeguarding.Matching.Tests;

/// <summary>
/// <c>match-files</c> decides as the service does: every case from the reports, each kind the register of a council of
/// its own, and what only a plan or an encounter says, through both.
/// </summary>
public sealed class Files_and_the_service(HubServers servers) : IDisposable
{
    private const string Plans =
        "id,council,nhs_number,given_names,family_name,birth_date,sex,postcode,phones,former_names,mother_nhs_number,"
        + "mother_given_names,mother_family_name,expected_date,kind";

    private const string Attendances =
        "id,nhs_number,given_names,family_name,birth_date,sex,postcode,phones,mother_nhs_number,mother_given_names,"
        + "mother_family_name,care_setting,started_at,nhs_number_status";

    // A brother and a sister; a child that was renamed; mothers of unborn children; a child whose number is nobody's.
    private const string MorePlans = """
        brother,E06000099,9512345609,Kofi,Asante-Reed,2014-04-11,male,DN2 4QX,07700900881,,,,,,
        sister,E06000099,9512359316,Abena,Asante-Reed,2016-09-02,female,DN2 4QX,07700900881,,,,,,
        renamed,E06000099,,Marlowe,Prestwick,2013-02-17,male,LN1 3QX,,"Tattersall, Marlowe",,,,,
        mother,E06000099,9512373025,Rosalind,Thackeray,1994-06-05,female,HU5 2QX,07700900882,,,,,2026-11-24,
        far,E06000099,9512386739,Imogen,Thackeray,1996-01-30,female,HU9 1QX,07700900883,,,,,2027-03-01,
        nobodys,E06000099,9999999999,Peregrine,Sallow,2012-12-03,male,YO7 1QX,,,,,,,
        named,E06000099,,Beatrix,Lomond,2018-05-19,female,S6 4QX,,,9512400448,Harriet,Lomond,,
        grown,E06000099,9512414147,Tamsin,Wetherall,2008-05-06,female,NR1 3QX,07700900885,,,,,,child-protection
        leaver,E06000099,9512427850,Corin,Wetherby,2004-05-06,male,NR2 3QX,07700900886,,,,,,looked-after
        """;

    private const string MoreAttendances = """
        sisterWithBrothersNumber,9512345609,Abena,Asante-Reed,2016-09-02,female,DN2 4QX,07700900881,,,,,,
        brother,9512345609,Kofi,Asante-Reed,2014-04-11,male,DN2 4QX,07700900881,,,,,,
        formerName,,Marlowe,Tattersall,2013-02-17,male,LN1 3QX,,,,,,,
        newborn,,Baby Girl,Thackeray,2026-11-22,female,HU5 2QX,,9512373025,Rosalind,Thackeray,,,
        newbornWithHerNumber,9512373025,Baby,Thackeray,2026-11-22,female,HU5 2QX,07700900882,,,,,,
        newbornOfNamed,,Twin 1 of Rosalind,Thackeray,2026-11-22,female,HU5 2QX,,,,,,,
        motherHerself,9512373025,Rosalind,Thackeray,1994-06-05,female,HU5 2QX,07700900882,,,,,,
        nobodysNumber,9999999999,Quentin,Vayle,2011-01-09,male,B1 1AA,,,,,,,
        nobodysNumberAndName,9999999999,Peregrine,Sallow,2012-12-03,male,YO7 1QX,,,,,,,
        mothersNumber,9512400448,Beatrix,Lomond,2018-05-19,female,S6 4QX,,,,,,,
        ambulance,,Kofi,Asante-Reed,2014-04-11,male,EX4 4QX,,,,,ambulance,,
        emergencyDepartment,,Kofi,Asante-Reed,2014-04-11,male,EX4 4QX,,,,,emergency-department,,
        unallocated,,Unallocated,Ashaora,2015-06-01,male,HD1 4QX,07700900884,,,,,,
        nobody,,Lysander,Quill,2010-10-10,male,TR1 2QX,,,,,,,
        grownBefore,9512414147,Tamsin,Wetherall,2008-05-06,female,NR1 3QX,07700900885,,,,,2026-05-05,
        grownAfter,9512414147,Tamsin,Wetherall,2008-05-06,female,NR1 3QX,07700900885,,,,,2026-05-06,
        leaverAfter,9512427850,Corin,Wetherby,2004-05-06,male,NR2 3QX,07700900886,,,,,2026-05-06,
        verified,9512345609,Kofi,Asante-Reed,2014-04-11,male,EX4 4QX,,,,,,,01
        untraced,9512345609,Kofi,Asante-Reed,2014-04-11,male,EX4 4QX,,,,,,,02
        disputed,9512345609,Kofi,Asante-Reed,2014-04-11,male,EX4 4QX,,,,,,,05
        sistersVerified,9512359316,Kofi,Asante-Reed,2014-04-11,male,DN2 4QX,,,,,,,01
        """;

    // A name that more children of one council bear than any name is borne.
    private static IEnumerable<string> Unallocated =>
        Enumerable
            .Range(0, 40)
            .Select(i =>
                $"unallocated{i},E06000098,,Unallocated,Ash{(char)('a' + (i % 20))}or{(char)('a' + (i / 20))},"
                + $"2015-{6 + (i / 28):D2}-{1 + (i % 28):D2},male,HD{1 + i} 4QX,0770090{884 + i:D4},,,,,,"
            );

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("match-files");

    [Fact]
    public async Task Every_case_is_decided_the_same_by_both()
    {
        var kinds = Directory
            .GetDirectories(Path.Combine(AppContext.BaseDirectory, "Cases"))
            .Order(StringComparer.Ordinal)
            .ToList();
        var registry = kinds.SelectMany((kind, i) => Cases(kind, "registry.csv", i, $",E060000{i:D2}", 7));
        var encounters = kinds.SelectMany((kind, i) => Cases(kind, "encounters.csv", i, "", 6));
        await WriteAsync("R.csv", [Plans, .. registry, .. MorePlans.Split('\n'), .. Unallocated]);
        await WriteAsync("E.csv", [Attendances, .. encounters, .. MoreAttendances.Split('\n')]);

        var byFiles = DecidedByFiles();
        var byService = await DecidedByServiceAsync();

        Assert.Equal(Lines(byService), Lines(byFiles));
        Assert.Contains(byService.Values, outcome => outcome == "matched");
        Assert.Contains(("sister", "sisterWithBrothersNumber"), byService.Keys);
        Assert.Contains(("mother", "newborn"), byService.Keys);
        Assert.Equal("needs-review", byService[("unallocated0", "unallocated")]);
        Assert.Equal("matched", byService[("grown", "grownBefore")]);
        Assert.Equal("needs-review", byService[("grown", "grownAfter")]);
        Assert.Equal("matched", byService[("leaver", "leaverAfter")]);
        Assert.Equal("matched", byService[("brother", "verified")]);
        Assert.Equal("matched", byService[("brother", "untraced")]);
        Assert.Equal("needs-review", byService[("brother", "disputed")]);
        Assert.Equal("needs-review", byService[("sister", "sistersVerified")]);
    }

    private sealed record Asked(Guid ReviewId, Guid EncounterId);

    private static IEnumerable<string> Cases(string kind, string file, int number, string council, int more) =>
        File.ReadLines(Path.Combine(kind, file))
            .Skip(1)
            .Select(line => line.Split(','))
            .Select(row => $"{number}-{row[0]}{council},{string.Join(',', row[1..])}{new string(',', more)}");

    private static List<string> Lines(Dictionary<(string Plan, string Attendance), string> decided) =>
        [
            .. decided
                .Select(pair => $"{pair.Key.Attendance} {pair.Key.Plan} {pair.Value}")
                .Order(StringComparer.Ordinal),
        ];

    private Dictionary<(string Plan, string Attendance), string> DecidedByFiles()
    {
        using var text = new StringWriter();
        Assert.Equal(
            0,
            LinkFiles.Run(["--registry", In("R.csv"), "--encounters", In("E.csv"), "--out", In("out.csv")], text)
        );
        return File.ReadLines(In("out.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .Where(row => row[3] != "no-match")
            .ToDictionary(row => (row[0], row[1]), row => row[3]);
    }

    private async Task<Dictionary<(string Plan, string Attendance), string>> DecidedByServiceAsync()
    {
        await using var matching = await StartAsync(servers);
        var plans = Rows("R.csv").ToDictionary(row => row["id"], row => Plan(matching, row));
        var encounters = Rows("E.csv").ToDictionary(row => row["id"], row => Encounter(matching, row));
        await matching.PublishAsync([.. plans.Values]);
        await matching.SettleAsync();
        await matching
            .Service.Services.GetRequiredService<CountRegisterNames>()
            .RunAsync(TestContext.Current.CancellationToken);
        await matching.PublishAsync([.. encounters.Values]);
        await matching.SettleAsync();

        var planOf = plans.ToDictionary(plan => plan.Value.PlanId, plan => plan.Key);
        var attendanceOf = encounters.ToDictionary(
            encounter => encounter.Value.EncounterId,
            encounter => encounter.Key
        );
        var matches = await matching.Service.Db(db =>
            db.CouncilMatches.AsNoTracking().Where(match => match.Matched).ToListAsync()
        );
        var reviews = await matching.Service.Db(db =>
            db.Reviews.AsNoTracking().Where(review => review.State == ReviewState.Open).ToListAsync()
        );
        // One patient is asked about once, however often they came.
        var asked = await matching.Service.Db(db =>
            db.Database.SqlQuery<Asked>(
                    $"""SELECT review_id AS "ReviewId", encounter_id AS "EncounterId" FROM matching.review_member"""
                )
                .ToListAsync()
        );
        var encountersOf = asked.ToLookup(member => member.ReviewId, member => member.EncounterId);
        return matches
            .SelectMany(match => match.PlanIds.Select(plan => (plan, match.EncounterId, Outcome: "matched")))
            .Concat(
                from review in reviews
                from plan in review.PlanIds
                from encounter in encountersOf[review.ReviewId]
                select (plan, EncounterId: encounter, Outcome: "needs-review")
            )
            .ToDictionary(
                decided => (planOf[decided.plan], attendanceOf[decided.EncounterId]),
                decided => decided.Outcome
            );
    }

    private static PlanRegistered Plan(MatchingUnderTest matching, Dictionary<string, string> row)
    {
        var expected = row["expected_date"];
        var kind =
            expected.Length > 0 ? PlanKind.Unborn
            : row["kind"] == "looked-after" ? PlanKind.LookedAfter
            : PlanKind.ChildProtection;
        return matching.APlan(TraitsOf(row), row["council"], kind) with
        {
            ExpectedDate = expected.Length == 0 ? null : Date(expected),
            StartDate = new DateOnly(2020, 1, 1),
        };
    }

    private static EncounterReceived Encounter(MatchingUnderTest matching, Dictionary<string, string> row)
    {
        var encounter = matching.AnEncounter(TraitsOf(row));
        var setting = row["care_setting"] == "ambulance" ? CareSetting.Ambulance : CareSetting.EmergencyDepartment;
        return encounter with
        {
            StartedAt = row["started_at"] is { Length: > 0 } day
                ? new DateTimeOffset(Date(day), new TimeOnly(12, 0), TimeSpan.Zero)
                : encounter.StartedAt,
            Place = matching.Sealer.Seal(matching.Sealer.Open(encounter.Place) with { Setting = setting }),
        };
    }

    private static PersonTraits TraitsOf(Dictionary<string, string> row)
    {
        var usual = new PersonName(NameUse.Usual, row["family_name"], row["given_names"].Split(' '));
        var former = row.GetValueOrDefault("former_names", "");
        return new()
        {
            Identifier = IdentifierOf(row["nhs_number"]),
            NumberStatus = NhsNumberStatusCode.Read(row.GetValueOrDefault("nhs_number_status")),
            Names =
                former.Length == 0
                    ? [usual]
                    : [usual, new(NameUse.Former, former.Split(',')[0], [former.Split(',')[1].Trim()])],
            BirthDate = Date(row["birth_date"]),
            Sex = row["sex"] switch
            {
                "male" => Sex.Male,
                "female" => Sex.Female,
                _ => null,
            },
            Postcodes = row["postcode"].Length == 0 ? [] : [new(row["postcode"])],
            Phones = row["phones"].Length == 0 ? [] : [row["phones"]],
            Mother =
                row["mother_nhs_number"].Length == 0
                    ? null
                    : new()
                    {
                        Identifier = IdentifierOf(row["mother_nhs_number"]),
                        Names = [new(NameUse.Usual, row["mother_family_name"], [row["mother_given_names"]])],
                    },
        };
    }

    private static PersonIdentifier IdentifierOf(string text) =>
        NhsNumber.TryParse(text, out var number) ? new PersonIdentifier.Known(number) : new PersonIdentifier.Unknown();

    private static DateOnly Date(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private IEnumerable<Dictionary<string, string>> Rows(string file)
    {
        using var text = new StreamReader(In(file));
        var table = Table.Read(text);
        return table.Rows.Select(row =>
            table.Headings.Zip(row).ToDictionary(field => field.First, field => field.Second)
        );
    }

    private Task WriteAsync(string file, IEnumerable<string> lines) =>
        File.WriteAllLinesAsync(In(file), lines, TestContext.Current.CancellationToken);

    private string In(string file) => Path.Combine(_folder.FullName, file);

    public void Dispose() => _folder.Delete(recursive: true);
}
