using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Safeguarding.Hosting.Audit;
using Safeguarding.PlanRegistry.Plans;
using Safeguarding.PlanRegistry.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.PlanRegistry.Tests;

/// <summary>A person looks a child up without an NHS number: by names, birth date and what else is known.</summary>
public sealed class Look_ups_by_traits(RegistryForLookUps running) : IClassFixture<RegistryForLookUps>
{
    private const string Hospital = "RXX";
    private const string Emergency = "clinician-unscheduled";
    private const string Police = "43";
    private const string Kent = Registry.Kent;

    private static readonly APlan Ottoline = AChild(1, "Fernhollow", "Ottoline", "2015-03-09") with
    {
        Phone = "01632 960771",
    };

    private Registry Registry => running.Registry;

    private static readonly Dictionary<string, (APlan[] Register, Traits Traits, string Shown)> Registers = new()
    {
        ["postcode"] = ([Ottoline], TraitsOf(Ottoline), "child-protection E09000012"),
        ["phone"] = (
            [Ottoline],
            TraitsOf(Ottoline) with
            {
                Postcode = null,
                Phone = "+44 1632 960771",
            },
            "child-protection E09000012"
        ),
        ["names and birth date alone"] = ([Ottoline], TraitsOf(Ottoline) with { Postcode = null }, "? E09000012"),
        ["day and month swapped"] = ([Ottoline], TraitsOf(Ottoline) with { BirthDate = "2015-09-03" }, "? E09000012"),
        ["another day"] = ([Ottoline], TraitsOf(Ottoline) with { BirthDate = "2015-03-10" }, ""),
        ["another home and name"] = ([Ottoline], new("Pellworth", ["Ivor"], "2015-03-09", null, "ZZ77 7AA", null), ""),
        ["a name in another spelling"] = (
            [Ottoline],
            TraitsOf(Ottoline) with
            {
                GivenNames = ["Otoline"],
            },
            "? E09000012"
        ),
        ["the leap day"] = (
            [AChild(2, "Quillstone", "Lyra", "2016-02-29")],
            new("Quillstone", ["Lyra"], "2016-02-29", null, "ZZ2 1AA", null),
            "child-protection E09000012"
        ),
        ["a child without a number"] = (
            [AChild(null, "Mossgrove", "Teodor", "2016-02-27")],
            new("Mossgrove", ["Teodor"], "2016-02-27", null, "ZZ0 1AA", null),
            "child-protection E09000012"
        ),
        ["a twin, of whom the brother is on a plan too"] = (
            [
                AChild(3, "Wrenfield", "Caspian", "2016-07-21"),
                AChild(4, "Wrenfield", "Barnaby", "2016-07-21") with
                {
                    Postcode = "ZZ3 1AA",
                },
            ],
            new("Wrenfield", ["Caspian"], "2016-07-21", null, "ZZ3 1AA", null),
            "child-protection E09000012"
        ),
        ["either twin"] = (
            [
                AChild(5, "Wrenhall", "Caspian", "2016-07-22"),
                AChild(6, "Wrenhall", "Casper", "2016-07-22") with
                {
                    Postcode = "ZZ5 1AA",
                },
            ],
            new("Wrenhall", ["Cas"], "2016-07-22", null, "ZZ5 1AA", null),
            "? E09000012"
        ),
        ["two plans of one child in two councils, one of them with another home"] = (
            [
                AChild(7, "Ashcombe", "Bran", "2014-10-25"),
                AChild(7, "Ashcombe", "Bran", "2014-10-25") with
                {
                    Reference = "K-7",
                    Kind = "looked-after",
                    Postcode = "ZZ88 8AA",
                },
            ],
            new("Ashcombe", ["Bran"], "2014-10-25", null, "ZZ7 1AA", null),
            "child-protection E09000012, looked-after E10000016"
        ),
        ["two children of one name and birth date in two councils"] = (
            [
                AChild(8, "Thornvale", "Ada", "2014-10-26"),
                AChild(9, "Thornvale", "Ada", "2014-10-26") with
                {
                    Reference = "K-9",
                },
            ],
            new("Thornvale", ["Ada"], "2014-10-26", null, null, null),
            "? E09000012, ? E10000016"
        ),
        ["two children whose plans have one home and two numbers"] = (
            [
                AChild(10, "Thornhill", "Ada", "2014-10-27"),
                AChild(11, "Thornhill", "Ada", "2014-10-27") with
                {
                    Reference = "K-11",
                    Postcode = "ZZ10 1AA",
                },
            ],
            new("Thornhill", ["Ada"], "2014-10-27", null, "ZZ10 1AA", null),
            "? E09000012, ? E10000016"
        ),
        ["a plan under no name, at the home of the child"] = (
            [AChild(12, "Unknown", "Unknown", "2014-10-28")],
            new("Thornmoor", ["Ada"], "2014-10-28", null, "ZZ12 1AA", null),
            "? E09000012"
        ),
        ["an ended plan"] = (
            [AChild(13, "Larkspur", "Nell", "2014-10-29") with { EndDate = "2026-06-01" }],
            new("Larkspur", ["Nell"], "2014-10-29", null, "ZZ13 1AA", null),
            "child-protection ended E09000012"
        ),
        ["the mother of an unborn child"] = (
            [AChild(14, "Harrowgate", "Maren", "1996-10-30") with { Kind = "unborn", ExpectedDate = "2026-12-20" }],
            new("Harrowgate", ["Maren"], "1996-10-30", null, "ZZ14 1AA", null),
            "unborn E09000012"
        ),
        ["a restricted child"] = (
            [AChild(15, "Greyholt", "Wilf", "2013-05-30") with { Restricted = true }],
            new("Greyholt", ["Wilf"], "2013-05-30", null, "ZZ15 1AA", null),
            ""
        ),
        ["a child whom one of two councils has restricted under the same number and another birth date"] = (
            [
                AChild(16, "Greyfen", "Wilf", "2013-05-31"),
                AChild(16, "Greyfen", "Wilf", "2012-05-31") with
                {
                    Reference = "K-16",
                    Restricted = true,
                },
            ],
            new("Greyfen", ["Wilf"], "2013-05-31", null, "ZZ16 1AA", null),
            ""
        ),
        ["a child whom one of two councils has restricted, and no number says that it is the same"] = (
            [
                AChild(17, "Greymoor", "Wilf", "2013-06-21"),
                AChild(null, "Greymoor", "Wilf", "2013-06-21") with
                {
                    Reference = "K-17",
                    Restricted = true,
                    Postcode = "ZZ17 1AA",
                },
            ],
            new("Greymoor", ["Wilf"], "2013-06-21", null, "ZZ17 1AA", null),
            ""
        ),
        ["the brother of a restricted twin"] = (
            [
                AChild(18, "Greywood", "Wilf", "2013-06-22") with
                {
                    Restricted = true,
                },
                AChild(19, "Greywood", "Osric", "2013-06-22") with
                {
                    Postcode = "ZZ18 1AA",
                },
            ],
            new("Greywood", ["Osric"], "2013-06-22", null, "ZZ18 1AA", null),
            "child-protection E09000012"
        ),
    };

    public static TheoryData<string> Cases => [.. Registers.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_certain_match_is_shown_as_by_number_and_a_question_as_whom_to_ring(string what)
    {
        var (register, traits, shown) = Registers[what];
        await PutAsync(register);
        using var nurse = running.Person(Hospital, Emergency);

        var answer = await LookUpAsync(nurse, traits);

        Assert.Equal(shown, Shown(answer));
    }

    [Theory]
    [InlineData(Registry.Hackney, "duty-worker", true, "child-protection E09000012")]
    [InlineData(Registry.Hackney, "duty-worker", false, "? E09000012")]
    [InlineData(Registry.Kent, "duty-worker", true, "E09000012")]
    [InlineData(Registry.Kent, "duty-worker", false, "? E09000012")]
    [InlineData(Police, "control-room", true, "E09000012")]
    [InlineData(Police, "control-room", false, "? E09000012")]
    public async Task Whoever_looks_sees_no_more_than_by_number(
        string organisation,
        string role,
        bool withHome,
        string shown
    )
    {
        await PutAsync(Ottoline);
        using var person = running.Person(organisation, role);

        var answer = await LookUpAsync(
            person,
            withHome ? TraitsOf(Ottoline) : TraitsOf(Ottoline) with { Postcode = null }
        );

        Assert.Equal(shown, Shown(answer));
        Assert.Equal(0, answer.GetProperty("accesses").GetArrayLength());
        Assert.All(
            answer.GetProperty("plans").EnumerateArray().Concat(answer.GetProperty("possible").EnumerateArray()),
            found => Assert.Equal("020 7946 0002", found.GetProperty("ring").GetProperty("phone").GetString())
        );
    }

    [Theory]
    [InlineData(Hospital, Emergency)]
    [InlineData(Hospital, "safeguarding-lead")]
    [InlineData(Registry.Hackney, "duty-worker")]
    [InlineData(Police, "control-room")]
    public async Task A_restricted_child_is_byte_for_byte_no_record_and_leaves_no_other_trace(
        string organisation,
        string role
    )
    {
        var child = AChild(31, "Nightingale", "Perpetua", "2013-08-30") with
        {
            Restricted = true,
            Phone = "01632 960772",
        };
        await PutAsync(child);
        using var person = running.Person(organisation, role);
        var (hidden, unknown) = (Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString());

        var found = await RegistryForLookUps.LookUpAsync(
            person,
            Body(TraitsOf(child) with { Phone = child.Phone }),
            hidden
        );
        var missed = await RegistryForLookUps.LookUpAsync(
            person,
            Body(new("Nightingale", ["Perpetua"], "2013-08-31", "female", "ZZ31 1AA", "01632 960772")),
            unknown
        );

        Assert.Equal(missed, found);
        var records = await Registry.Service.Db(db =>
            db.Set<AuditRecord>()
                .Where(one => one.RequestId == hidden || one.RequestId == unknown)
                .Select(one => new
                {
                    one.Act,
                    one.Subject,
                    one.Outcome,
                    one.Concerning,
                    one.Code,
                })
                .ToListAsync(Registry.Cancelled)
        );
        Assert.Equal(2, records.Count);
        Assert.All(records, one => Assert.Equal((Guid.Empty, "empty"), (one.Subject, one.Outcome)));
        var id = await IdAsync(child.Reference);
        Assert.False(
            await Registry.Service.Db(db => db.Lookups.AnyAsync(one => one.PlanIds.Contains(id), Registry.Cancelled))
        );
    }

    [Fact]
    public async Task A_certain_match_is_sent_and_remembered_and_a_question_is_audited_alone()
    {
        var child = AChild(32, "Juniper", "Clement", "2013-09-29");
        await PutAsync(child, AChild(null, "Juniper", "Agnes", "2013-09-30"));
        using var nurse = running.Person(Hospital, Emergency);
        var (asked, certain) = (Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString());
        var (numbered, other) = (await IdAsync("T-32"), await IdAsync("T-Juniper-Agnes"));

        await LookUpAsync(nurse, TraitsOf(child) with { Postcode = null }, asked);
        var rowsOfQuestion = await RowsAsync(numbered);
        await LookUpAsync(nurse, TraitsOf(child), certain);
        var byNumber = await RegistryForLookUps.LookUpAsync(
            nurse,
            new { nhsNumber = child.NhsNumber, purpose = "child-protection" }
        );
        await LookUpAsync(nurse, new("Juniper", ["Agnes"], "2013-09-30", null, "ZZ0 1AA", null));
        var again = await LookUpAsync(nurse, new("Juniper", ["Agnes"], "2013-09-30", null, "ZZ0 1AA", null));

        Assert.Equal(0, rowsOfQuestion);
        Assert.Equal($"lookup.read success {numbered} ", await RecordAsync(asked));
        Assert.Equal($"lookup.read success {numbered} {Registry.Hackney}", await RecordAsync(certain));
        // By number it is the same look, of the same child.
        Assert.Equal(1, await RowsAsync(numbered));
        Assert.Equal(1, JsonDocument.Parse(byNumber).RootElement.GetProperty("accesses").GetArrayLength());
        Assert.Equal(Registry.Hackney, (await running.Notified.One(one => one.PlanIds.Contains(numbered))).CouncilCode);
        // Who has no number has a history all the same.
        Assert.Equal(1, again.GetProperty("accesses").GetArrayLength());
        Assert.Equal(1, await RowsAsync(other));
    }

    [Theory]
    [InlineData("{}", "family-name-missing", "traits.familyName,traits.givenNames,traits.birthDate")]
    [InlineData(
        """{"givenNames":["Robyn"],"birthDate":"2018-05-04","postcode":"ZZ1 1AA"}""",
        "family-name-missing",
        "traits.familyName"
    )]
    [InlineData("""{"familyName":"Dorfield","birthDate":"2018-05-04"}""", "given-names-missing", "traits.givenNames")]
    [InlineData("""{"familyName":"Dorfield","givenNames":["Robyn"]}""", "birth-date-missing", "traits.birthDate")]
    [InlineData(
        """{"familyName":"UNKNOWN","givenNames":["Baby","TBC"],"birthDate":"2018-05-04"}""",
        "name-placeholder",
        "traits.familyName"
    )]
    [InlineData(
        """{"familyName":"Dorfield","givenNames":["not known"],"birthDate":"2018-05-04"}""",
        "name-placeholder",
        "traits.givenNames"
    )]
    [InlineData(
        """{"familyName":"Dorfield","givenNames":["Robyn"],"birthDate":"2015-02-29"}""",
        "date-format",
        "traits.birthDate"
    )]
    [InlineData(
        """{"familyName":"Dorfield","givenNames":["Robyn"],"birthDate":"2027-02-01"}""",
        "birth-date-in-future",
        "traits.birthDate"
    )]
    [InlineData(
        """{"familyName":"Dorfield","givenNames":["Robyn"],"birthDate":"1900-01-01"}""",
        "birth-date-implausible",
        "traits.birthDate"
    )]
    [InlineData(
        """{"familyName":"Dorfield","givenNames":["Robyn"],"birthDate":"2018-05-04","sex":"girl"}""",
        "sex-unknown",
        "traits.sex"
    )]
    [InlineData(
        """{"familyName":"Dorfield","givenNames":["Robyn"],"birthDate":"2018-05-04","postcode":"1 High St"}""",
        "postcode-format",
        "traits.postcode"
    )]
    [InlineData(
        """{"familyName":"Dorfield","givenNames":["Robyn"],"birthDate":"2018-05-04","phone":"her mother's"}""",
        "phone-format",
        "traits.phone"
    )]
    public async Task Traits_that_are_too_little_or_unusable_are_refused_by_field(
        string traits,
        string code,
        string fields
    )
    {
        using var nurse = running.Person(Hospital, Emergency);

        var answer = await nurse.PostAsync(
            "/lookups",
            Registry.Json($$"""{"purpose":"direct-care","traits":{{traits}}}"""),
            Registry.Cancelled
        );

        var problem = await Registry.JsonAsync(answer);
        Assert.Equal((400, code), ((int)answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal(
            fields,
            string.Join(
                ',',
                problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString())
            )
        );
    }

    [Fact]
    public async Task Plans_of_an_earlier_release_and_of_a_file_are_found_once_they_are_keyed()
    {
        var (older, uploaded) = (
            AChild(33, "Saltmarsh", "Edda", "2013-11-27"),
            AChild(34, "Saltmarsh", "Hugo", "2013-11-28")
        );
        await PutAsync(older);
        using var kent = Registry.Council(Kent);
        var upload = await Registry.UploadAsync(kent, APlan.File(uploaded), 1, mode: "changes");
        Assert.Equal("completed", upload.GetProperty("state").GetString());
        await Registry.Service.Db(db =>
            db.Database.ExecuteSqlAsync(
                $"UPDATE plan_registry.plan SET birth_date_mac = NULL, keyed_version = 0 WHERE reference = {older.Reference}",
                Registry.Cancelled
            )
        );
        using var nurse = running.Person(Hospital, Emergency);
        var before = Shown(await LookUpAsync(nurse, TraitsOf(older)));

        await Registry
            .Service.Services.GetServices<IHostedService>()
            .OfType<RekeyPlans>()
            .Single()
            .RunAsync(Registry.Cancelled);

        Assert.Equal("", before);
        Assert.Equal("child-protection E09000012", Shown(await LookUpAsync(nurse, TraitsOf(older))));
        Assert.Equal("child-protection E10000016", Shown(await LookUpAsync(nurse, TraitsOf(uploaded))));
        // What was not keyed when the plan was changed is keyed with the change.
        await PutAsync(older with { BirthDate = "2013-11-29" });
        Assert.Equal(
            "? E09000012",
            Shown(await LookUpAsync(nurse, TraitsOf(older) with { BirthDate = "2013-11-29", Postcode = null }))
        );
    }

    [Fact]
    public async Task Among_thousands_of_one_birth_date_a_child_is_found_and_beyond_that_refused()
    {
        var (child, namesake) = (
            AChild(35, "Tamarisk", "Odo", "2012-03-03"),
            AChild(36, "Basildon", "Zane", "2012-03-03")
        );
        await PutAsync(child, namesake);
        await CopyAsync(namesake, 1998);
        using var nurse = running.Person(Hospital, Emergency);

        var found = await LookUpAsync(nurse, TraitsOf(child));
        await CopyAsync(child with { Reference = namesake.Reference }, 1);
        var refused = await nurse.PostAsync("/lookups", Registry.Json(Body(TraitsOf(child))), Registry.Cancelled);

        Assert.Equal("child-protection E09000012", Shown(found));
        Assert.Equal("birth-date-too-common", Text(await Registry.JsonAsync(refused), "code"));
    }

    /// <summary>As the body has them.</summary>
    private sealed record Traits(
        string FamilyName,
        string[] GivenNames,
        string BirthDate,
        string? Sex,
        string? Postcode,
        string? Phone
    );

    // Each has a home of its own.
    private static APlan AChild(int? number, string family, string given, string born) =>
        APlan.Number(number ?? 0) with
        {
            Reference = number is null ? $"T-{family}-{given}" : $"T-{number}",
            NhsNumber = number is { } known ? Synthetic.NhsNumber(7000 + known).Reveal() : null,
            FamilyName = family,
            GivenNames = given,
            BirthDate = born,
            Postcode = $"ZZ{number ?? 0} 1AA",
        };

    private static Traits TraitsOf(APlan plan) =>
        new(plan.FamilyName!, plan.GivenNames!.Split(' '), plan.BirthDate!, plan.Sex, plan.Postcode, null);

    private static object Body(Traits traits) => new { traits, purpose = "child-protection" };

    private static async Task<JsonElement> LookUpAsync(HttpClient person, Traits traits, string? request = null) =>
        JsonDocument.Parse(await RegistryForLookUps.LookUpAsync(person, Body(traits), request)).RootElement;

    private static string Shown(JsonElement answer) =>
        string.Join(
            ", ",
            answer
                .GetProperty("plans")
                .EnumerateArray()
                .Select(plan =>
                    string.Join(
                        ' ',
                        new[] { Text(plan, "kind"), Text(plan, "status"), Code(plan) }.Where(part =>
                            part is not (null or "running")
                        )
                    )
                )
                .Concat(answer.GetProperty("possible").EnumerateArray().Select(possible => $"? {Code(possible)}"))
                .Order(StringComparer.Ordinal)
        );

    private static string? Code(JsonElement found) => Text(found.GetProperty("council"), "code");

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value.GetString() : null;

    // References of Kent's plans begin with K.
    private async Task PutAsync(params APlan[] register)
    {
        foreach (var plan in register)
            await running.PutAsync(plan.Reference.StartsWith('K') ? Kent : Registry.Hackney, plan);
    }

    private Task<int> CopyAsync(APlan plan, int times) =>
        Registry.Service.Db(db =>
            db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO plan_registry.plan (id, council_code, reference, version, kind, start_date, restricted, subject,
                    subject_key_id, birth_date_mac, keyed_version, number_change_version, has_mother, registered_at, changed_at)
                SELECT gen_random_uuid(), council_code, gen_random_uuid()::text, version, kind, start_date, restricted, subject,
                    subject_key_id, birth_date_mac, keyed_version, 0, has_mother, registered_at, changed_at
                FROM plan_registry.plan, generate_series(1, {times}) WHERE reference = {plan.Reference}
                """,
                Registry.Cancelled
            )
        );

    private Task<Guid> IdAsync(string reference) =>
        Registry.Service.Db(db =>
            db.Plans.Where(plan => plan.Reference == reference).Select(plan => plan.Id).SingleAsync(Registry.Cancelled)
        );

    private Task<int> RowsAsync(Guid plan) =>
        Registry.Service.Db(db => db.Lookups.CountAsync(one => one.PlanIds.Contains(plan), Registry.Cancelled));

    private async Task<string> RecordAsync(string request)
    {
        var record = Assert.Single(
            await Registry.Service.Db(db =>
                db.Set<AuditRecord>().Where(one => one.RequestId == request).ToListAsync(Registry.Cancelled)
            )
        );
        return $"{record.Act} {record.Outcome} {record.Subject} {string.Join(' ', record.Concerning ?? [])}";
    }
}
