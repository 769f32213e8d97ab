using System.Text;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Contracts.Encounters;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.TestKit;
using static Safeguarding.EncounterIngest.Tests.What_a_trust_was_refused;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

/// <summary>Frames, packets and headers as engines send them; what is wrong with one ends that one alone.</summary>
public sealed class When_a_sender_is_untidy(Mllp mllp) : IClassFixture<Mllp>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> Frames
    {
        get
        {
            var message = Visit.New().Arrived();
            var bytes = Encoding.UTF8.GetBytes(message);
            return new()
            {
                { "LF", [0, .. MllpClient.Frame(message.Replace('\r', '\n')), (byte)'\n'] },
                { "CRLF", MllpClient.Frame(message.Replace("\r", "\r\n", StringComparison.Ordinal)) },
                { "noise before it", [.. "noise"u8, .. MllpClient.Frame(message)] },
                { "doubled bytes", [0x0B, 0x0B, .. bytes, 0x1C, 0x1C, 0x0D] },
                { "no CR at the end", [0x0B, .. bytes, 0x1C] },
                { "a byte order mark", MllpClient.Frame([0xEF, 0xBB, 0xBF, .. bytes]) },
                { "a line break of an editor", MllpClient.Frame([.. bytes, .. "NTE|1||one\u000Btwo\r"u8]) },
                { "one bad byte", MllpClient.Frame([.. bytes, .. "NTE|1||"u8, 0x92, 0x0D]) },
                { "a field of 64 KiB", MllpClient.Frame(message + "OBX|1|ST|||" + new string('x', 65_536) + "\r") },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task A_message_is_taken_however_it_is_framed(string what, byte[] frame)
    {
        await using var trust = await mllp.ConnectAsync();
        await trust.WriteAsync(frame);
        var answer = await trust.ReadAsync();

        Assert.True(answer?.Contains("\rMSA|AA|E1000001\r", StringComparison.Ordinal), $"{what}: {answer}");
        // The connection goes on.
        Assert.Contains("MSA|AA|", await trust.SendAsync(Visit.New().Arrived()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_messages_in_a_packet_and_one_in_many_are_answered_in_order()
    {
        var (one, two) = (Visit.New(), Visit.New());
        await using var trust = await mllp.ConnectAsync();

        await trust.WriteAsync([
            .. MllpClient.Frame(one.Arrived(id: "1")),
            .. MllpClient.Frame(one.Admitted()),
            .. MllpClient.Frame(two.Arrived(id: "3")),
        ]);
        foreach (var single in MllpClient.Frame(two.Event("A03", "20261128090000")))
            await trust.WriteAsync([single]);

        string?[] answers =
        [
            await trust.ReadAsync(),
            await trust.ReadAsync(),
            await trust.ReadAsync(),
            await trust.ReadAsync(),
        ];
        Assert.Equal(["AA|1", "CA|E1000019", "AA|3", "AA|A0320261128090000"], answers.Select(Msa));
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_answered_again_and_changes_nothing()
    {
        var visit = Visit.New();
        var events = await mllp.Under.Bus.ListenAsync<EncounterReceived>();
        var before = await mllp.Under.Db(db => db.Set<EncounterVersion>().CountAsync(Cancelled));
        await using (var cut = await mllp.ConnectAsync())
        {
            await cut.WriteAsync(MllpClient.Frame(visit.Arrived()));
            await Eventually.UntilAsync(async () =>
                await mllp.Under.Db(db => db.Set<EncounterVersion>().CountAsync(Cancelled)) == before + 1
            );
        }

        await using var again = await mllp.ConnectAsync();
        var answer = await again.SendAsync(visit.Arrived());
        var once = await again.SendAsync(visit.Arrived());

        Assert.Equal(("AA|E1000001", "AA|E1000001"), (Msa(answer), Msa(once)));
        Assert.Equal(before + 1, await mllp.Under.Db(db => db.Set<EncounterVersion>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task The_answer_is_in_the_delimiters_and_the_version_of_the_sender()
    {
        await using var trust = await mllp.ConnectAsync();
        var odd = Visit
            .New()
            .Arrived()
            .Replace("|", ":", StringComparison.Ordinal)
            .Replace("^", ";", StringComparison.Ordinal);
        var answer = await trust.SendAsync(odd);
        var newer = await trust.SendAsync(
            Visit
                .New()
                .Arrived()
                .Replace("|P|2.4", "|P|2.5.1||||||UNICODE UTF-8", StringComparison.Ordinal)
                .Replace("^RZZ^VN", "", StringComparison.Ordinal)
                .Replace("EDPAED^CUB02^^RZZ01", "EDPAED", StringComparison.Ordinal)
        );

        Assert.Matches(
            @"^MSH:;~\\&:SGHUB:HUB:PAS:RZZ:\d{14}\+0[01]00::ACK;A04;ACK:[0-9A-F]{20}:P:2\.4\rMSA:AA:E1000001\r$",
            answer!
        );
        Assert.Matches(
            @"^MSH\|\^~\\&\|SGHUB\|HUB\|PAS\|RZZ\|[^|]+\|\|ACK\^A04\^ACK\|[0-9A-F]{20}\|P\|2\.5\.1\|\|\|\|\|\|UNICODE UTF-8\rMSA\|AA\|E1000001\rERR\|\|PV1\^1\^3\|103\^Table value not found\^HL70357\|W\|site-unknown\|\|\|[^\r]+\r$",
            newer!
        );
    }

    [Theory]
    [InlineData("BHS|^~\\&|PAS|RZZ|SGHUB|HUB|20261128||||B77\rMSH|^~\\&|PAS|RZZ", "AR|B77|BHS hl7-batch-unsupported")]
    [InlineData("MSH|^~\\&|PAS|RZZ|SGHUB|HUB|20261128|||E7|P|2.4\rPID|1", "AR|E7|MSH-9 hl7-message-type-unsupported")]
    [InlineData(
        "MSH|^~\\&|PAS|RZZ|SGHUB|HUB|20261128||ADT|E7|P|2.4\rPID|1",
        "AR|E7|MSH-9.2 hl7-message-type-unsupported"
    )]
    [InlineData("MSH|^~\\&|PAS|RZZ|SGHUB|HUB|20261128||ADT^A04||P|2.4\rPID|1", "AR||MSH-10 hl7-control-id-missing")]
    [InlineData("MSH|^~\\&|PAS|RZZ|SGHUB|HUB|20261128||ADT^A04|E7|P|3.0\rPID|1", "AR|E7")]
    [InlineData(
        "MSH|^~\\&|PAS|RZZ|||20261128||ADT^A04|E7|P|2.4\rPID|1||||Zyxcanary\rPV1|1|E",
        "AR|E7|PV1-19 encounter-identifier-missing"
    )]
    [InlineData(
        "MSH|^~\\&|PAS|RZZ|||20261128||ADT^A04|E7|P|2.4\rPID|1\rPID|2\rPV1|1|E|||||||||||||||||V1",
        "AR|E7|PID several-patients"
    )]
    [InlineData(
        "MSH|^~\\&|PAS|RZZ|||20261128||ADT^A04|E7|P|2.4\rPID|1\rPV1|1|E|||||||||||||||||VX",
        "AR|E7|PID patient-unidentified"
    )]
    [InlineData("MSH|^~\\&|PAS|RZZ|||20261128||ADT^A40|E7|P|2.4\rPID|1||Zyxcanary", "AR|E7|MRG hl7-segment-missing")]
    [InlineData("MSH|^~\\&|Zyxcanary|RYY|||20261128||ADT^A04|E7|P|2.4\rPID|1", "AR|E7|MSH-3 not-allowed")]
    [InlineData("MSH|^~\\&|PAS|RZZ|||20261128||ADT^A60|E7|P|2.4\rPID|1", "AA|E7")]
    [InlineData("MSH|^~\\&|PAS|RZZ|||20261128||SIU^S12|E7|P|2.4\rPID|1", "AA|E7")]
    [InlineData("MSH|^~\\&|PAS|RZZ|||20261128||ADT^A04|E7|T|2.4\rPID|1", "AA|E7")]
    [InlineData("MSH|^~\\&|PAS|RZZ|||20261128||ADT|E7|P|\rEVN|A20\rNPU|1", "AA|E7")]
    [InlineData("MSH|^~\\&|PAS|RZZ|||20261128||ADT^A40|E7|P|2.4^GBR\rPID|1||T1^^^RZZ^MR\rMRG|T1^^^RZZ^MR", "AA|E7")]
    [InlineData(
        "MSH|^~\\&|PAS|RZZ|||20261128||ADT^A20|E7|P|2.4|||NE|NE\rPID|1\u0000MSH|^~\\&|PAS|RZZ|||20261128||ADT^A20|E8|P|2.4",
        "AA|E8"
    )]
    [InlineData(
        "MSH|^~\\&|PAS|RZZ|||20261128||ADT^A20|E7|P|2.4|||ER|\rPID|1\u0000MSH|^~\\&|PAS|RZZ|||20261128||ADT^A20|E8|P|2.4",
        "AA|E8"
    )]
    [InlineData(
        "MSH|^~\\&|PAS|RZZ|||20261128||ADT^A04|E7|P|2.4|||ER|\rPID|1",
        "CR|E7|PV1-19 encounter-identifier-missing"
    )]
    [InlineData("MSH|^~\\&|PAS|RZZ|||20261128||ADT^A20|E7|P|2.4|||NE|AL\rPID|1", "AA|E7")]
    public async Task What_cannot_be_taken_is_answered_with_its_field_and_code(string messages, string expected)
    {
        await using var trust = await mllp.ConnectAsync();
        foreach (var message in messages.Split('\0'))
            await trust.WriteAsync(MllpClient.Frame(message));
        var answer = await trust.ReadAsync();

        Assert.Equal(expected, Msa(answer));
        // Who sent it is echoed in the header, as the standard has it; nothing else is.
        Assert.DoesNotContain(
            "Zyxcanary",
            answer![answer!.IndexOf("MSA", StringComparison.Ordinal)..],
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("MSH|^^\\&|PAS|RZZ")]
    public async Task What_is_no_message_gets_no_answer_and_the_next_connection_works(string text)
    {
        await using var trust = await mllp.ConnectAsync();
        Assert.Null(await trust.SendAsync(text));
        await using var next = await mllp.ConnectAsync();
        Assert.Equal("AA|E1000001", Msa(await next.SendAsync(Visit.New().Arrived())));
    }

    [Fact]
    public async Task Too_much_too_little_and_a_message_within_another_end_only_their_connection()
    {
        await using var well = await mllp.ConnectAsync();
        await using var large = await mllp.ConnectAsync();
        await using var noise = await mllp.ConnectAsync();
        await using var half = await mllp.ConnectAsync();
        await using var ended = await mllp.ConnectAsync();

        await large.WriteAsync([0x0B, .. Enumerable.Repeat((byte)'x', (1024 * 1024) + 1)]);
        await noise.WriteAsync([.. Enumerable.Repeat((byte)'x', 4097)]);
        await half.WriteAsync([0x0B, .. "MSH|^~\\&|PAS|RZZ"u8, .. MllpClient.Frame(Visit.New().Arrived())]);
        await ended.WriteAsync([0x0B, .. "MSH|^~\\&|PAS|RZZ"u8]);
        ended.EndOfSending();

        Assert.Null(await large.ReadAsync());
        Assert.Null(await noise.ReadAsync());
        Assert.Null(await half.ReadAsync());
        Assert.Null(await ended.ReadAsync());
        Assert.Equal("AA|E1000001", Msa(await well.SendAsync(Visit.New().Arrived())));
    }

    [Fact]
    public async Task A_sender_that_closes_its_half_first_still_gets_its_answer()
    {
        await using var trust = await mllp.ConnectAsync();
        await trust.WriteAsync(MllpClient.Frame(Visit.New().Arrived())[..^1]);
        trust.EndOfSending();

        Assert.Equal("AA|E1000001", Msa(await trust.ReadAsync()));
        Assert.Null(await trust.ReadAsync());
    }

    [Fact]
    public async Task A_refused_message_is_listed_and_closed_by_its_correction()
    {
        var organisation = NewTrust();
        mllp.Senders.Write(
            "refused",
            $$"""{"organisation":"{{organisation}}","application":"LATE","facility":"{{organisation}}","identifierSystem":"https://trust.example/Id/visit"}"""
        );
        var visit = Visit.New();
        string Sent(string text) => text.Replace("|PAS|RZZ|", $"|LATE|{organisation}|", StringComparison.Ordinal);
        await using var trust = await mllp.ConnectAsync();
        // The folder is read again within a second.
        string? answer = null;
        await Eventually.UntilAsync(async () =>
        {
            answer = await trust.SendAsync(
                Sent($"{Visit.Header("A04", "20261128021500", "E9")}\rPID|1\r{visit.Pv1("E")}")
            );
            return Msa(answer) != "AR|E9|MSH-3 not-allowed";
        });
        Assert.Equal("AR|E9|PID patient-unidentified", Msa(answer));

        var client = mllp.Under.Client(organisation, "encounter.submit");
        var row = (await RefusalsAsync(client, 1))[0]!;
        Assert.Equal(
            ("MLLP A04", "patient-unidentified", "PID", answer!.Split('|')[9]),
            (Text(row, "door"), Text(row, "code"), Text(row, "path"), Text(row, "requestId"))
        );
        Assert.Equal("AA|E1000001|PV1-3 site-unknown", Msa(await trust.SendAsync(Sent(visit.Arrived()))));
        await Eventually.UntilAsync(async () => Text((await RefusalsAsync(client, 1))[0], "acceptedAt") is not null);
    }

    internal static string? Msa(string? answer)
    {
        var line = answer?.Split('\r')[1];
        return line?[4..];
    }
}
