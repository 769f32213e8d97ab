using System.Text;
using Safeguarding.Contracts.Encounters;
using Safeguarding.Contracts.Persons;
using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Hl7v2.Mapping;
using Safeguarding.EncounterIngest.Hl7v2.Messages;
using Safeguarding.EncounterIngest.Hl7v2.Senders;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

/// <summary>Parser and mapping by themselves, as tables of cases.</summary>
public sealed class Reading_a_message
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private static readonly SenderProfile Profile = new()
    {
        Organisation = "RZZ",
        IdentifierSystem = "https://trust.example/Id/visit",
    };

    [Theory]
    [InlineData(@"A\T\E Smith\", @"A&E Smith\")]
    [InlineData(@"\E\", @"\")]
    [InlineData(@"O\F\B\S\C\R\D", "O|B^C~D")]
    [InlineData(@"One\X0D\PID|2", "One PID")]
    [InlineData(@"\XC3A9\va", "éva")]
    [InlineData(@"\H\Bold\N\", "Bold")]
    [InlineData(@"two\.br\lines", "two lines")]
    [InlineData(@"\X0\odd", @"\X0\odd")]
    [InlineData(@"C:\DIR\FILE", @"C:\DIR\FILE")]
    [InlineData("  Smith  ", "Smith")]
    public void Escape_sequences_become_what_they_mean_and_make_no_segment(string raw, string expected)
    {
        var message = Read($"MSH|^~\\&|PAS|RZZ\rPID|1||||{raw}");
        var text = message.At("PID", 5).Text;

        // The delimiter that stands unescaped is one.
        Assert.Equal(expected, text);
        Assert.Equal(2, message.Segments.Count);
    }

    [Theory]
    [InlineData("MSH|^~\\&|PAS|RZZ\nPID|1||X\n")]
    [InlineData("MSH|^~\\&|PAS|RZZ\r\nPID|1||X\r\n")]
    [InlineData("MSH:;~\\&:PAS:RZZ\rPID:1::X")]
    [InlineData("MSH|^~&|PAS|RZZ\rPID|1||X")]
    [InlineData("MSH|^~\\&#|PAS|RZZ\rPID|1||X")]
    [InlineData("MSH|^|PAS|RZZ\rPID|1||X")]
    [InlineData("MSH|^~\\&|PAS|RZZ\rZZZ|what\rnoise\rPID|1||X\rPIDX|1")]
    public void Delimiters_and_ends_of_segments_are_read_as_they_come(string text)
    {
        var message = Read(text);
        Assert.Equal(("RZZ", "X"), (message.Header[4].Text, message.At("PID", 3).Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MSH")]
    [InlineData("MSH|")]
    [InlineData("MSHA^~\\&APAS")]
    [InlineData("MSH|^^\\&|PAS")]
    [InlineData("PID|1")]
    [InlineData("GET / HTTP/1.1")]
    public void What_has_no_header_is_no_message(string text) => Assert.Null(Hl7Message.Read(text, Encoding.UTF8));

    [Theory]
    [InlineData("", new byte[] { 0x4F, 0x92, 0x44 }, "O’D")]
    [InlineData("UNICODE UTF-8", new byte[] { 0xE9 }, "é")]
    [InlineData("UNICODE UTF-8", new byte[] { 0xC3, 0xA9 }, "é")]
    [InlineData("8859/1", new byte[] { 0xC3, 0xA9 }, "é")]
    [InlineData("8859/1", new byte[] { 0xE9 }, "é")]
    [InlineData("8859/15", new byte[] { 0xA4 }, "€")]
    [InlineData("ASCII", new byte[] { 0x80 }, "€")]
    [InlineData("SHIFT-JIS", new byte[] { 0xE9 }, "é")]
    public void Characters_are_read_for_what_they_are_whatever_the_header_says(
        string named,
        byte[] name,
        string expected
    )
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes($"MSH|^~\\&|PAS|RZZ||||||||||||||{named}\rPID|1||||"), .. name];
        var (text, charset) = CharacterSet.Read(bytes, null);
        Assert.Equal(expected, Hl7Message.Read(text, charset)!.At("PID", 5).Text);
    }

    [Theory]
    [InlineData("20261128021205", "2026-11-28T02:12:05Z", true)]
    [InlineData("202606280212", "2026-06-28T01:12:00Z", true)]
    [InlineData("20261128021205.1234", "2026-11-28T02:12:05.1234Z", true)]
    [InlineData("20261128021205+0100", "2026-11-28T01:12:05Z", true)]
    [InlineData("20261128021205-0500", "2026-11-28T07:12:05Z", true)]
    [InlineData("20261128", "2026-11-28", false)]
    [InlineData("202611280000", "2026-11-28", false)]
    [InlineData("202611272400", "2026-11-28", false)]
    // The hour that spring leaves out, and the one that autumn has twice.
    [InlineData("20260329013000", "2026-03-29T01:30:00Z", true)]
    [InlineData("20261025013000", "2026-10-25T00:30:00Z", false)]
    [InlineData("20261025013000+0000", "2026-10-25T01:30:00Z", true)]
    public void A_time_without_zone_is_by_the_clocks_of_London(string text, string expected, bool isClock)
    {
        Assert.Null(Hl7Time.TryRead(text, out var time));
        Assert.Equal((expected, isClock), (time.Fhir, time.IsClock));
    }

    [Theory]
    [InlineData("2026", "date-time-partial")]
    [InlineData("202611", "date-time-partial")]
    [InlineData("20261131", "date-time-invalid")]
    [InlineData("20261128256000", "date-time-invalid")]
    [InlineData("28/11/2026", "date-time-invalid")]
    [InlineData("20261128021205+9900", "date-time-invalid")]
    [InlineData("2026112802120５", "date-time-invalid")]
    [InlineData("00000000", "date-time-invalid")]
    [InlineData("99991231235959.99999999999999999999", null)]
    public void A_time_that_is_none_says_why(string text, string? code) =>
        Assert.Equal(code, Hl7Time.TryRead(text, out _)?.Code);

    [Theory]
    [InlineData("T1^^^RZZ^MR~9007300148^^^NHS^NH", "9007300148", null)]
    [InlineData("9007300148^^^NHS^HN", "9007300148", null)]
    [InlineData("9007300148^^^NHSNMBR", "9007300148", null)]
    [InlineData("900 730 0148^^^^NH", "9007300148", null)]
    [InlineData("900-730-0148^^^^NI", "9007300148", null)]
    [InlineData("9007300148^^^NHS&2.16.840.1.113883.2.1.4.1&ISO^NH{status:01}", "9007300148", null)]
    [InlineData("9007300148^^^RZZ^MR", null, null)]
    [InlineData("9007300148", null, null)]
    [InlineData("9007300148^^^CHI^NH", null, null)]
    [InlineData("9007300149^^^NHS^NH", null, "nhs-number-passed-over")]
    [InlineData("9007300148^^^NHS^NH~9007300229^^^NHS^NH", null, "nhs-number-conflict")]
    [InlineData("9007300148^^^NHS^NH~9007300148^^^^NHS", "9007300148", null)]
    [InlineData("\"\"^^^NHS^NH", null, null)]
    [InlineData("~~^^^^~", null, null)]
    public void An_nhs_number_is_one_by_its_authority_or_type_only(string pid3, string? number, string? warning)
    {
        var (submission, issues) = After($"PID|1||{pid3}||Wynfield^Ada");
        Assert.Equal(number, submission!.Patient.Identifier.NhsNumber?.Reveal());
        Assert.Equal(warning, issues.All.SingleOrDefault(issue => issue.Path == "PID-3")?.Kind.Code);
    }

    [Theory]
    [InlineData("NSTS01", NhsNumberStatus.Verified, null)]
    [InlineData("02", NhsNumberStatus.NotTraced, null)]
    [InlineData("NSTS04~AL", NhsNumberStatus.NoMatch, null)]
    [InlineData("AL", null, null)]
    [InlineData("NSTS01~NSTS03", null, "nhs-number-status-unknown")]
    [InlineData("NSTS77", null, "nhs-number-status-unknown")]
    [InlineData("", null, null)]
    public void How_far_the_number_was_traced_comes_with_it(string pid32, NhsNumberStatus? status, string? warning)
    {
        var (submission, issues) = After($"PID|1||9007300148^^^NHS^NH||Wynfield^Ada{new string('|', 27)}{pid32}");
        Assert.Equal(status, submission!.Patient.NumberStatus);
        Assert.Equal(warning, issues.All.SingleOrDefault(issue => issue.Path == "PID-32")?.Kind.Code);
    }

    [Theory]
    [InlineData("20190307", "2019-03-07", null)]
    [InlineData("201903070000", "2019-03-07", null)]
    [InlineData("20000602000000", "2000-06-02", null)]
    [InlineData("2019", null, "date-time-partial")]
    [InlineData("19000101", null, "birth-date-too-early")]
    [InlineData("20190230", null, "birth-date-invalid")]
    [InlineData("20261129", null, "birth-date-in-future")]
    [InlineData("\"\"", null, null)]
    public void A_birth_date_is_a_day_and_a_slip_in_it_costs_only_itself(string pid7, string? date, string? warning)
    {
        var (submission, issues) = After($"PID|1||9007300148^^^NHS^NH||Wynfield^Ada||{pid7}");
        Assert.Equal(date, submission!.Patient.BirthDate?.ToString("yyyy-MM-dd", null));
        Assert.Equal(warning, issues.All.SingleOrDefault(issue => issue.Path == "PID-7")?.Kind.Code);
    }

    [Fact]
    public void A_guessed_birth_date_a_default_address_and_an_alias_are_not_taken_for_known()
    {
        var (submission, _) = After(
            $"PID|1||9007300148^^^NHS^NH||Wynfield^Ada^^^^^L||20190307|F|||1 Road^^^^ZY1 4QQ^^H{new string('|', 21)}ED~UA~AL"
        );
        var patient = submission!.Patient;
        Assert.Equal(
            (null, 0, NameUse.Other),
            (patient.BirthDate, patient.Postcodes.Count, patient.Names.Single().Use)
        );
    }

    [Fact]
    public void Of_names_addresses_and_phones_the_usable_ones_are_kept()
    {
        var (submission, _) = After(
            "PID|1||9007300148^^^NHS^NH||Alias^Ada^^^^^A~van&der&Wyn^Ada^Rose^^^^L~Pseudo^Nym^^^^^S||||||"
                + "1^^^^ZZ99 3VZ^^H~2^^^^ZY9 9ZZ^^BA~3^^^^ZY1 4QQ^^C||01632960117~^NET^Internet^a@b.example~^^FX^^^01632^960118|^^PH^^^01632^960119"
        );
        var patient = submission!.Patient;
        Assert.Equal(
            [(NameUse.Usual, "van", "Ada Rose"), (NameUse.Other, "Alias", "Ada")],
            patient.Names.Select(name => (name.Use, name.Family, string.Join(' ', name.Given)))
        );
        Assert.Equal([new PersonPostcode("ZY1 4QQ")], patient.Postcodes);
        Assert.Equal(["01632960117", "01632960119"], patient.Phones);
    }

    [Theory]
    [InlineData("E", "", "", "EMER", true)]
    [InlineData("emergency", "", "", "EMER", true)]
    [InlineData("I", "11", "", "IMP", false)]
    [InlineData("I", "2A", "", "IMP", true)]
    [InlineData("I", "2~I", "", "IMP", true)]
    [InlineData("I", "E", "", "IMP", true)]
    [InlineData("O", "R", "", "AMB", false)]
    [InlineData("O", "", "180", "AMB", true)]
    [InlineData("B", "82", "424", "IMP", true)]
    [InlineData("", "13", "", null, false)]
    [InlineData("ZZ", "", "", null, true)]
    public void Class_and_admission_say_whether_it_was_planned(
        string pv12,
        string pv14,
        string pv110,
        string? code,
        bool unscheduled
    )
    {
        var (submission, _) = After(
            "PID|1||9007300148^^^NHS^NH||Wynfield^Ada",
            Pv1(pv12, method: pv14, service: pv110)
        );
        var particulars = submission!.Particulars;
        Assert.Equal(
            (code, unscheduled),
            (particulars.ClassCode, Unscheduled.Decide(particulars, CareSetting.Unknown))
        );
    }

    [Theory]
    [InlineData("EDPAED^CUB02^^RZZ01", "RZZ", "RZZ01")]
    [InlineData("W12^^^U", "RZZ", "RZZ02")]
    [InlineData("w12", "RZZ", "RZZ02")]
    [InlineData("X^^^T42E", "RZZ03", "RZZ03")]
    [InlineData("X^^^T42E", "RZZ", null)]
    [InlineData("X^^^RYY01", "RZZ", null)]
    [InlineData("", "RZZ", null)]
    public void The_site_comes_from_its_code_the_table_or_the_sender(string pv13, string msh4, string? site)
    {
        var profile = Profile with
        {
            Sites = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["W12"] = "RZZ02" },
        };
        var (submission, _) = After(
            "PID|1||9007300148^^^NHS^NH||Wynfield^Ada",
            Pv1("E", pv13),
            "A01",
            profile: profile,
            msh4: msh4
        );
        Assert.Equal(site, submission!.Particulars.SiteOds);
    }

    /// <summary>
    /// What an event makes of a visit that is not known, of one in the emergency department, of an
    /// inpatient.
    /// </summary>
    [Theory]
    [InlineData("A01", "in-progress E", "in-progress E", "in-progress E")]
    [InlineData("A02", "in-progress E", "arrived E", "in-progress E")]
    [InlineData("A03", "finished E", "finished E", "finished E")]
    [InlineData("A04", "arrived E", "arrived E", "arrived E")]
    [InlineData("A05", "planned E", "planned E", "planned E")]
    [InlineData("A06", "in-progress I", "in-progress I", "in-progress I")]
    [InlineData("A07", "in-progress E", "in-progress E", "in-progress E")]
    [InlineData("A08", "in-progress E", "arrived E", "in-progress E")]
    [InlineData("A10", "arrived E", "arrived E", "arrived E")]
    [InlineData("A11", "cancelled E", "cancelled E", "in-progress E")]
    [InlineData("A12", "in-progress E", "arrived E", "in-progress E")]
    [InlineData("A13", "in-progress E", "in-progress E", "in-progress E")]
    [InlineData("A14", "planned E", "planned E", "planned E")]
    [InlineData("A17", "in-progress E", "arrived E", "in-progress E")]
    [InlineData("A21", "onleave E", "onleave E", "onleave E")]
    [InlineData("A22", "in-progress E", "in-progress E", "in-progress E")]
    [InlineData("A23", "entered-in-error E", "entered-in-error E", "entered-in-error E")]
    [InlineData("A27", null, null, null)]
    [InlineData("A38", null, null, null)]
    [InlineData("A42", "in-progress E", "arrived E", "in-progress E")]
    [InlineData("A43", "in-progress E", "arrived E", "in-progress E")]
    [InlineData("A44", "in-progress E", "arrived E", "in-progress E")]
    [InlineData("A45", "in-progress E", "arrived E", "in-progress E")]
    [InlineData("A50", "in-progress E", "arrived E", "in-progress E")]
    [InlineData("A52", "in-progress E", "in-progress E", "in-progress E")]
    [InlineData("A53", "onleave E", "onleave E", "onleave E")]
    public void An_event_leaves_the_encounter_so(string trigger, string? unknown, string? emergency, string? inpatient)
    {
        const string patient = "PID|1||T1^^^RZZ^MR~9007300148^^^NHS^NH||Wynfield^Ada";
        var visit = Emergency;
        var arrived = HeldAfter(null, "A04", patient, visit);
        var admitted = HeldAfter(arrived, "A06", patient, Pv1("I", method: "21"));

        Assert.Equal(
            [unknown, emergency, inpatient],
            new[] { null, arrived, admitted }.Select(held => State(After(patient, visit, trigger, held).Submission))
        );

        static string? State(Submission? submission) =>
            submission is null
                ? null
                : $"{submission.Particulars.FhirStatus} {(submission.Particulars.ClassCode == "IMP" ? "I" : "E")}";
    }

    [Fact]
    public void Every_event_of_the_table_is_read_and_all_others_are_passed_over()
    {
        foreach (var number in Enumerable.Range(0, 100))
        {
            var code = $"A{number:D2}";
            var issues = new Issues();
            var meaning = ReadAdt.Read(
                Message(code, "PID|1||T1^^^RZZ^MR||Wynfield^Ada\rMRG|T2^^^RZZ^MR", Emergency),
                Profile,
                Now,
                issues
            );
            Assert.False(issues.Refused, code);
            Assert.Equal(Triggers.All.ContainsKey(code), meaning is not Meaning.NotForUs);
        }
    }

    [Fact]
    public void An_admission_that_is_undone_twice_by_one_message_is_undone_once()
    {
        const string patient = "PID|1||9007300148^^^NHS^NH||Wynfield^Ada";
        var held = HeldAfter(null, "A04", patient, Emergency);
        held = HeldAfter(held, "A01", patient, Pv1("I", method: "21"));
        var once = HeldAfter(held, "A11", patient, Pv1("I"));
        var twice = HeldAfter(once, "A11", patient, Pv1("I"));
        var later = After(patient, Emergency, "A11", twice, at: "20261128091500").Submission!;

        Assert.Equal(("EMER", "in-progress"), (once.Particulars!.ClassCode, once.Particulars.FhirStatus));
        Assert.Equal(once.Particulars.AdmissionUndoneAt, twice.Particulars!.AdmissionUndoneAt);
        Assert.Equal("in-progress", twice.Particulars.FhirStatus);
        Assert.Equal("cancelled", later.Particulars.FhirStatus);
    }

    [Theory]
    [InlineData("20190401100000", "20190402", false)]
    [InlineData("20261120100000", "", false)]
    [InlineData("20261126130000", "", true)]
    [InlineData("20261126130000", "20261127", false)]
    [InlineData("", "", true)]
    public void A_change_makes_a_visit_that_is_not_known_only_while_it_is_current(string start, string end, bool made)
    {
        var visit = Pv1("I", start: start, end: end);
        Assert.Equal(made, After("PID|1||9007300148^^^NHS^NH||Wynfield^Ada", visit, "A08").Submission is not null);
    }

    [Fact]
    public void A_visit_that_moves_to_another_patient_keeps_nothing_of_the_first()
    {
        var held = HeldAfter(
            null,
            "A04",
            "PID|1||9007300148^^^NHS^NH||Wynfield^Ada||20190307|F|||1^^^^ZY1 4QQ||01632960117",
            Emergency
        );
        var moved = After("PID|1||9007300474^^^NHS^NH||Harfield^Ben", Emergency, "A45", held).Submission!.Patient;

        Assert.Equal("9007300474", moved.Identifier.NhsNumber!.Value.Reveal());
        Assert.Equal(
            (null, 0, 0, "Harfield"),
            (moved.BirthDate, moved.Postcodes.Count, moved.Phones.Count, moved.Names.Single().Family)
        );
    }

    [Fact]
    public void A_newborn_twin_without_a_number_is_found_by_the_mother()
    {
        var (submission, issues) = After(
            "PID|1||T4490001^^^RZZ^MR||Quillfeather^Baby^^^^^U||202611280325|U|||9 Heron Row^^^^ZY2 7AA^GBR^H||||||||||9007300318^^^NHS^NH~T3310777^^^RZZ^MR|||Y|2|||||||NSTS08\r"
                + "NK1|1|Quillfeather^Imara^^^^^L|MTH^Mother^HL70063|||||||||||||19960212|||||||||||||||||9007300318^^^NHS^NH",
            Pv1("B", "DEL^R2^C1^RZZ01", "82", "424")
        );
        var (patient, particulars) = (submission!.Patient, submission.Particulars);

        Assert.Empty(issues.All);
        Assert.IsType<PersonIdentifier.Unknown>(patient.Identifier);
        Assert.Equal(
            (new DateOnly(2026, 11, 28), null, "9007300318", new DateOnly(1996, 2, 12)),
            (
                patient.BirthDate,
                patient.Sex,
                patient.Mother!.Identifier.NhsNumber!.Value.Reveal(),
                patient.Mother.BirthDate
            )
        );
        Assert.Equal(
            ("IMP", "82", CareSetting.Maternity),
            (particulars.ClassCode, particulars.AdmissionMethod, Unscheduled.Setting(particulars, CareSetting.Unknown))
        );
    }

    [Theory]
    [InlineData("", "encounter-identifier-missing", "PV1-19")]
    [InlineData("\"\"", "encounter-identifier-missing", "PV1-19")]
    [InlineData("V\\XE280AE\\1", "text-not-allowed", "PV1-19")]
    public void What_can_never_be_stored_is_refused_at_its_field(string number, string code, string path)
    {
        var (_, issues) = After("PID|1||9007300148^^^NHS^NH||Wynfield^Ada", Pv1("E", number: number));
        var issue = issues.All.FirstOrDefault(issue => issue.IsError);
        Assert.Equal((code, path), (issue?.Kind.Code, issue?.Path));
    }

    [Fact]
    public void A_thousand_damaged_messages_are_read_or_refused_and_never_fail()
    {
        var whole = Visit.New().Arrived();
        var random = new Random(20261128);
        for (var round = 0; round < 2_000; round++)
        {
            var damaged = new StringBuilder(whole);
            for (var change = 0; change < random.Next(1, 12); change++)
            {
                var at = random.Next(damaged.Length);
                switch (random.Next(3))
                {
                    case 0:
                        damaged[at] = "|^~\\&\r\n\"\0\u202E\u00E9A9"[random.Next(13)];
                        break;
                    case 1:
                        damaged.Remove(at, Math.Min(random.Next(1, 60), damaged.Length - at));
                        break;
                    default:
                        damaged.Insert(at, new string("|^~\\&\""[random.Next(6)], random.Next(1, 300)));
                        break;
                }

                if (damaged.Length == 0)
                    damaged.Append('M');
            }

            if (Hl7Message.Read(damaged.ToString(), Encoding.UTF8) is not { } message)
                continue;
            var issues = new Issues();
            var meaning = ReadAdt.Read(message, Profile, Now, issues);
            if (meaning is Meaning.Visits visits)
                Assert.All(visits.Changes, change => change.Over(null, Now));
            Acknowledgement.Write(message, AckResult.Accept, AckMode.Auto, issues.All, "ID", Now);
        }
    }

    private static string Emergency => Pv1("E");

    private static string Pv1(
        string patientClass,
        string place = "",
        string method = "",
        string service = "",
        string number = "V1",
        string start = "",
        string end = ""
    ) => $"PV1|1|{patientClass}|{place}|{method}||||||{service}|||||||||{number}{new string('|', 25)}{start}|{end}";

    private static Hl7Message Read(string text) => Hl7Message.Read(text, Encoding.UTF8)!;

    private static Hl7Message Message(
        string trigger,
        string patient,
        string visit,
        string at = "20261128090000",
        string msh4 = "RZZ"
    ) => Read($"MSH|^~\\&|PAS|{msh4}|||{at}||ADT^{trigger}|1|P|2.4\rEVN|{trigger}|{at}\r{patient}\r{visit}\r");

    private static (Submission? Submission, Issues Issues) After(
        string patient,
        string? visit = null,
        string trigger = "A01",
        StoredContent? held = null,
        SenderProfile? profile = null,
        string msh4 = "RZZ",
        string at = "20261128090000"
    )
    {
        var issues = new Issues();
        var meaning = ReadAdt.Read(
            Message(trigger, patient, visit ?? Emergency, at, msh4),
            profile ?? Profile,
            Now,
            issues
        );
        return ((meaning as Meaning.Visits)?.Changes[0].Over(held, Now), issues);
    }

    private static StoredContent HeldAfter(StoredContent? held, string trigger, string patient, string visit)
    {
        var submission = After(patient, visit, trigger, held).Submission!;
        return new StoredContent(Guid.Empty, (held?.Version ?? 0) + 1, submission.Particulars, submission.Patient);
    }
}
